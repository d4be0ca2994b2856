/// How weights follow the text in dynamic evaluation.
public struct DynamicSettings: Sendable, Hashable {
  /// Tokens between two steps.
  public var segmentLength: Int
  /// How far a step goes.
  public var learningRate: Double
  /// The share of the way back to the trained weights that a weight goes with each step whose gradients are of
  /// the average size.
  public var decay: Double

  /// What does well with most models and texts, unless told otherwise.
  public init(
    segmentLength: Int = 20, learningRate: Double = 0.0005, decay: Double = 0.001
  ) {
    self.segmentLength = segmentLength
    self.learningRate = learningRate
    self.decay = decay
  }

  /// - Throws: `EvaluationError.settingOutOfRange`.
  public func validate() throws(EvaluationError) {
    guard segmentLength >= 1 else {
      throw .settingOutOfRange(option: "--dynamic-segment", value: "\(segmentLength)", least: 1)
    }
    guard learningRate >= 0, learningRate.isFinite else {
      throw .settingOutOfRange(option: "--dynamic-rate", value: "\(learningRate)", least: 0)
    }
    guard decay >= 0, decay.isFinite else {
      throw .settingOutOfRange(option: "--dynamic-decay", value: "\(decay)", least: 0)
    }
  }
}
