import Kernels

/// A small buffer through which the logits of many rows are read, a block of rows at a time.
struct LogitsBlock: ~Copyable {
  private let logits: AlignedBuffer<Float>
  private let vocabularySize: Int

  /// The maximum size in floats (1 MB), unless a single row is larger.
  private static let limit = 1 << 18

  /// - Parameter rowCount: the greatest number of rows in a call of `forEach`.
  init(_ configuration: NetworkConfiguration, rowCount: Int) {
    vocabularySize = configuration.vocabularySize
    let held = max(1, min(rowCount, Self.limit / vocabularySize))
    logits = AlignedBuffer(repeating: 0, count: held * vocabularySize)
  }

  /// Calls `body` for successive blocks of `rows` of the last window that `forward` ran.
  /// - Parameter body: receives the block's rows and their logits, [rows x V], valid during the
  ///   call.
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
