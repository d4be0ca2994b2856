import RecurrentNetwork

/// The results of a network for one window, as PyTorch, the naive twin or the fast code computed
/// them.
package struct WindowResult {
  /// [T B V], step by step.
  package var logits: [Double]
  /// The mean over the window, L.
  package var natsPerToken: Double
  /// After the window, [B x layers x state vectors x H].
  package var finalState: [Double]
  /// dL/dparameters, in the order of the layout.
  package var gradients: [Double]

  package init(
    logits: [Double], natsPerToken: Double, finalState: [Double], gradients: [Double]
  ) {
    self.logits = logits
    self.natsPerToken = natsPerToken
    self.finalState = finalState
    self.gradients = gradients
  }

  /// The relative error of each output and of each tensor's gradient (`relativeError(_:_:)`).
  package func errors(
    against expected: WindowResult, layout: ParameterLayout
  ) -> [(name: String, error: Double)] {
    [
      ("logits", relativeError(logits, expected.logits)),
      ("loss", relativeError([natsPerToken], [expected.natsPerToken])),
      ("state", relativeError(finalState, expected.finalState)),
    ]
      + layout.tensors.map {
        (
          $0.name,
          relativeError(Array(gradients[$0.range]), Array(expected.gradients[$0.range]))
        )
      }
  }
}
