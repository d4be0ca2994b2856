import Kernels

extension Processor {
  /// nats[row] = -log softmax(logits of the row)[target of the row], cut by rows.
  /// - Parameters:
  ///   - logits: [rows x V].
  ///   - targets: [rows], all below V.
  ///   - nats: [rows], overwritten.
  func crossEntropy(
    _ logits: MatrixView, targets: UnsafePointer<UInt16>, nats: UnsafeMutablePointer<Double>
  ) {
    team.forEachRange(of: logits.rowCount) { rows, _ in
      let start = rows.lowerBound
      kernels.crossEntropy(logits.rows(rows), targets: targets + start, nats: nats + start)
    }
  }
}
