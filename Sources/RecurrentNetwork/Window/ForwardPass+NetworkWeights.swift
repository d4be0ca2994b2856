import Kernels

/// The forward pass of a finished network.
extension ForwardPass {
  /// A pass without dropout.
  init(
    reading weights: NetworkWeights, batchSize: Int, windowLength: Int, processor: Processor
  ) {
    self.init(
      configuration: weights.configuration, batchSize: batchSize,
      windowLength: windowLength, hasVocabularyTable: weights.packed.hasVocabularyTable,
      hasBackward: false, dropout: .none, processor: processor)
  }

  /// Runs the window of `tokens` [stepCount B] through all layers.
  mutating func run(_ tokens: UnsafePointer<UInt16>, stepCount: Int, weights: NetworkWeights) {
    run(
      tokens, stepCount: stepCount,
      embedding: weights.parameters.matrix(weights.parameters.layout.embedding),
      weights: weights.packed)
  }

  /// The logits after steps of the last window.
  /// - Parameter rows: of the last layer's output, [stepCount B].
  func computeLogits(_ rows: Range<Int>, weights: NetworkWeights, into logits: MatrixView) {
    let output = output(of: configuration.layerCount - 1, stepCount: windowLength)
    computeLogits(
      output.rows(rows),
      bias: weights.parameters.matrix(weights.parameters.layout.outputBias),
      weights: weights.packed, into: logits)
  }
}
