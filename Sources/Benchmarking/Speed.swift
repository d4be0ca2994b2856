/// What a benchmark measured: some work, and how long it takes.
package struct Speed: Sendable, Equatable {
  /// Of one repetition.
  package let timing: Timing
  /// Characters that a repetition trains on, generates or reads.
  package var characterCount = 0
  /// Bytes of text that a repetition reads.
  package var byteCount = 0
  /// Additions and multiplications that a repetition cannot do without; see `UsefulOperations`.
  package var operationCount = 0.0

  /// The median repetition's.
  package var charactersPerSecond: Double { Double(characterCount) / timing.medianSeconds }
  /// The median repetition's.
  package var bytesPerSecond: Double { Double(byteCount) / timing.medianSeconds }
  /// The median repetition's.
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
