import Kernels

/// Room for logits that are only read, of as many rows as take little memory.
struct LogitsBlock: ~Copyable {
  private let logits: AlignedBuffer<Float>
  private let vocabularySize: Int

  /// The most floats it takes (1 MB), unless a single row takes more.
  private static let limit = 1 << 18

  /// - Parameter rowCount: how many rows there will be at the most.
  init(_ configuration: NetworkConfiguration, rowCount: Int) {
    vocabularySize = configuration.vocabularySize
    let held = max(1, min(rowCount, Self.limit / vocabularySize))
    logits = AlignedBuffer(repeating: 0, count: held * vocabularySize)
  }

  /// Calls `body` for successive ones of `rows`, of the window that `forward` has run last, with their numbers and
  /// logits, [some x V], valid during the call.
  func forEach(
    of rows: Range<Int>, in forward: borrowing ForwardPass, weights: NetworkWeights,
    _ body: (_ rows: Range<Int>, _ logits: MatrixView) throws -> Void
  ) rethrows {
    let held = logits.count / vocabularySize
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: held) {
      let block = first..<min(rows.upperBound, first + held)
      let view = MatrixView(
        start: logits.start, rowCount: block.count, columnCount: vocabularySize)
      forward.computeLogits(block, weights: weights, into: view)
      try body(block, view)
    }
  }
}
