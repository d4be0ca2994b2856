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

  /// Rejects settings that mean nothing.
  /// - Throws: `EvaluationSettingsError`.
  public func validate() throws(EvaluationSettingsError) {
    guard segmentLength >= 1 else {
      throw .outOfRange(.segmentLength, value: "\(segmentLength)", least: 1)
    }
    guard learningRate >= 0, learningRate.isFinite else {
      throw .outOfRange(.learningRate, value: "\(learningRate)", least: 0)
    }
    guard decay >= 0, decay.isFinite else {
      throw .outOfRange(.decay, value: "\(decay)", least: 0)
    }
  }
}

/// The settings of dynamic evaluation that can be wrong; the raw value is the name in words.
public enum EvaluationSetting: String, Sendable, CaseIterable {
  case segmentLength = "dynamic segment"
  case learningRate = "dynamic rate"
  case decay = "dynamic decay"
}

/// Errors in the settings of dynamic evaluation.
public enum EvaluationSettingsError: Error, Equatable, CustomStringConvertible {
  /// A number is too small, infinite or NaN.
  case outOfRange(EvaluationSetting, value: String, least: Int)

  /// The settings concerned, in the words of the description.
  public var settings: [String] {
    switch self {
    case .outOfRange(let setting, _, _): [setting.rawValue]
    }
  }

  public var description: String {
    switch self {
    case .outOfRange(let setting, let value, let least):
      "The \(setting.rawValue) is \(value): give a number of at least \(least)."
    }
  }
}
