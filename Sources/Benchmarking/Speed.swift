/// The result of a benchmark: the work of a repetition, and its time.
package struct Speed: Sendable, Equatable {
  /// The times of one repetition.
  package let timing: Timing
  /// Characters that a repetition trains on, generates or reads.
  package var characterCount = 0
  /// Bytes of text that a repetition reads.
  package var byteCount = 0
  /// The additions and multiplications that a repetition requires; see `UsefulOperations`.
  package var operationCount = 0.0

  /// The rate of the median repetition.
  package var charactersPerSecond: Double { Double(characterCount) / timing.medianSeconds }
  /// The rate of the median repetition.
  package var bytesPerSecond: Double { Double(byteCount) / timing.medianSeconds }
  /// The rate of the median repetition.
  package var operationsPerSecond: Double { operationCount / timing.medianSeconds }

  package init(
    timing: Timing, characterCount: Int = 0, byteCount: Int = 0, operationCount: Double = 0
  ) {
    self.timing = timing
    self.characterCount = characterCount
    self.byteCount = byteCount
    self.operationCount = operationCount
  }
}
