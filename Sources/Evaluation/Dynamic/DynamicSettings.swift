/// The settings of dynamic evaluation: how weights adapt to the text.
public struct DynamicSettings: Sendable, Hashable {
  /// The number of tokens between two updates.
  public var segmentLength: Int
  /// The learning rate of an update.
  public var learningRate: Double
  /// The fraction of its distance to the trained weight by which a weight returns at each update,
  /// if its gradients are of average size.
  public var decay: Double

  /// The defaults do well with most models and texts.
  public init(
    segmentLength: Int = 20, learningRate: Double = 0.0005, decay: Double = 0.001
  ) {
    self.segmentLength = segmentLength
    self.learningRate = learningRate
    self.decay = decay
  }

  /// Rejects invalid settings.
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

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .outOfRange(let setting, let value, let least):
      "The \(setting.rawValue) is \(value): give a number of at least \(least)."
    }
  }
}
