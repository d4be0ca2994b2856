/// The settings of training that can be invalid; the raw value is the name in words.
public enum TrainingSetting: String, Sendable, CaseIterable {
  case batchSize = "batch size"
  case shards = "number of shards"
  case window
  case evaluationInterval = "evaluation interval"
  case patience
  case steps = "number of steps"
  case epochs = "number of epochs"
  case minutes = "number of minutes"
  case validationFraction = "validation fraction"
  case validationSplit = "validation split"
  case forgetBias = "forget bias"
  case dropout
  case embeddingDropout = "embedding dropout"
  case recurrentDropout = "recurrent dropout"
  case dropoutMask = "dropout mask"
  case learningRate = "learning rate"
  case clipNorm = "clip norm"
  case clipValue = "clip value"
  case weightDecay = "weight decay"
  case l1 = "L1 penalty"
  case momentum
  case rmsPropDecay = "RMSProp decay"
  case averageDecay = "EMA decay"
  case averageLast = "share of averaged steps"
  case nesterov = "Nesterov momentum"
  case warmUpSteps = "number of warm-up steps"
  case decayInterval = "decay interval"
  case decayStart = "decay start"
  case decayFactor = "decay factor"
}

/// Errors in the settings of training.
public enum TrainingSettingsError: Error, Equatable, CustomStringConvertible {
  /// A setting is outside its range.
  case outOfRange(TrainingSetting, value: String, range: String)
  /// A setting would have no effect.
  /// - Parameter needs: the other setting without which it has none.
  case hasNoEffect(TrainingSetting, needs: String)
  /// Two settings contradict each other.
  case exclude(TrainingSetting, TrainingSetting)

  /// The settings concerned, in the words of the description.
  public var settings: [String] {
    switch self {
    case .outOfRange(let setting, _, _), .hasNoEffect(let setting, _): [setting.rawValue]
    case .exclude(let setting, let other): [setting.rawValue, other.rawValue]
    }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .outOfRange(let setting, let value, let range):
      "The \(setting.rawValue) is \(value): give \(range)."
    case .hasNoEffect(let setting, let needs):
      "The \(setting.rawValue) has no effect without \(needs): add that, or leave the setting out."
    case .exclude(let setting, let other):
      "The \(setting.rawValue) and the \(other.rawValue) exclude each other: give only one."
    }
  }
}
