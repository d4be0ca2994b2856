import RecurrentNetwork

/// The factors of a window's dropout; nil if there is none.
package struct NaiveMasks: Sendable {
  /// [layers][rows][H], a row for each lane, or for each lane of each step.
  package var output: [[[Double]]]?
  /// [V]
  package var embedding: [Double]?
  /// [layers][G H][H]
  package var recurrent: [[[Double]]]?

  package static let none = NaiveMasks()

  package init(
    output: [[[Double]]]? = nil, embedding: [Double]? = nil, recurrent: [[[Double]]]? = nil
  ) {
    self.output = output
    self.embedding = embedding
    self.recurrent = recurrent
  }

  /// The masks of a pass's last window.
  package init(of pass: borrowing BackpropagationThroughTime) {
    output = pass.outputMasks.isEmpty ? nil : pass.outputMasks
    embedding = pass.embeddingMask.isEmpty ? nil : pass.embeddingMask
    recurrent = pass.recurrentMasks.isEmpty ? nil : pass.recurrentMasks
  }

  /// The output `values` of `layer` in one lane of one step, under the mask.
  func output(_ values: [Double], layer: Int, step: Int, lane: Int, batchSize: Int) -> [Double] {
    guard let rows = output?[layer] else { return values }
    let row = rows.count == batchSize ? lane : step * batchSize + lane
    return product(values, rows[row])
  }

  func embedded(_ values: [Double], symbol: Int) -> [Double] {
    embedding.map { masks in values.map { $0 * masks[symbol] } } ?? values
  }

  func recurrent(_ weight: [[Double]], layer: Int) -> [[Double]] {
    recurrent.map { zip(weight, $0[layer]).map(product) } ?? weight
  }
}

private func product(_ a: [Double], _ b: [Double]) -> [Double] {
  zip(a, b).map { $0 * $1 }
}
