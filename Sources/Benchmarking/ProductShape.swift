/// A matrix product of training.
package struct ProductShape: Sendable, Hashable {
  package enum Role: String, Sendable {
    /// Forward, one time step: h [B x H] times W_hh' [H x G H].
    case recurrent
    /// Backward, one time step: the gates' gradient [B x G H] times W_hh [G H x H].
    case recurrentBackward = "recurrent_backward"
    /// After the backward pass: the gates' gradient transposed [G H x T B] times h [T B x H].
    case weightGradient = "weight_gradient"
    /// Logits: h [T B x H] times lm_head' [H x V].
    case projection
  }

  package let role: Role
  package let rows: Int
  /// The length of the sums.
  package let depth: Int
  package let columns: Int

  package init(_ role: Role, rows: Int, depth: Int, columns: Int) {
    self.role = role
    self.rows = rows
    self.depth = depth
    self.columns = columns
  }

  /// The products of a training step.
  package static func all(of shape: TrainingShape) -> [ProductShape] {
    let tokenCount = shape.batchSize * shape.windowLength
    let hiddenSize = shape.network.hiddenSize
    let gateSize = shape.network.cell.gateCount * hiddenSize
    return [
      ProductShape(.recurrent, rows: shape.batchSize, depth: hiddenSize, columns: gateSize),
      ProductShape(.recurrentBackward, rows: shape.batchSize, depth: gateSize, columns: hiddenSize),
      ProductShape(.weightGradient, rows: gateSize, depth: tokenCount, columns: hiddenSize),
      ProductShape(
        .projection, rows: tokenCount, depth: hiddenSize, columns: shape.network.vocabularySize),
    ]
  }
}
