import Tokenization

extension TrainingRun {
  /// The tokens that the run trains on, in pieces, in order.
  package func forEachTrainingChunk(_ body: ([TokenID]) -> Void) {
    Self.forEachChunk(of: tokens, split.training, body)
  }

  /// The tokens that the run validates on, in pieces, in order; none if there is no validation.
  package func forEachValidationChunk(_ body: ([TokenID]) -> Void) {
    guard let validator else { return }
    Self.forEachChunk(of: validator.tokens, validator.positions, body)
  }

  /// The nats that an unknown unit of the validation costs beyond its token.
  package var validationNatsPerUnknown: Double { validator?.natsPerUnknown ?? 0 }

  private static let chunkCount = 4_096

  private static func forEachChunk(
    of tokens: TokenFile, _ positions: TokenPositions, _ body: ([TokenID]) -> Void
  ) {
    for first in stride(from: 0, to: positions.count, by: chunkCount) {
      let numbers = first..<min(positions.count, first + chunkCount)
      var ids = [TokenID](repeating: 0, count: numbers.count)
      ids.withUnsafeMutableBufferPointer { tokens.copy(numbers, of: positions, to: $0) }
      body(ids)
    }
  }
}
