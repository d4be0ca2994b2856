import RecurrentNetwork

/// How a network is trained; stored with the model it gave.
public struct TrainingConfiguration: Sendable, Codable, Equatable {
  /// How long to train.
  public struct Budget: Sendable, Codable, Equatable {
    public enum Unit: String, Sendable, Codable {
      case steps
      /// Passes over the training text.
      case epochs
      /// Wall-clock time of the run, its validations included.
      case minutes
    }

    /// A part of an epoch or of a minute is allowed.
    public var amount: Double
    public var unit: Unit

    public init(_ amount: Double, _ unit: Unit) {
      self.amount = amount
      self.unit = unit
    }
  }

  /// How the learning rate goes on after the warm-up.
  public enum Schedule: String, Sendable, Codable, CaseIterable {
    case constant
    /// Half a cosine wave down to 2 % of the peak at the end of the budget (Loshchilov & Hutter 2017).
    case cosine
    /// A straight line down to 2 % of the peak at the end of the budget.
    case linear
    /// Multiplied by `decayFactor` now and then, constant in between.
    case step
  }

  /// Where in the text the lanes of an epoch begin.
  public enum LaneOffsets: String, Sendable, Codable, CaseIterable {
    /// The first one at the begin of the text, in every epoch.
    case fixed
    /// Elsewhere in each epoch, as if the text were a ring, so that windows are cut at other places.
    case random
  }

  /// B, lanes of the text that run side by side.
  public var batchSize = 32
  /// T, tokens through which gradients flow back.
  public var windowLength = 64
  public var laneOffsets = LaneOffsets.fixed
  public var budget = Budget(2_000, .steps)
  /// Decides initial weights and dropout.
  public var seed: UInt64 = 1
  /// What the weights are at first.
  public var initialization = Initialization()
  public var optimizer = OptimizerKind.adam
  /// Of SGD and RMSProp; 0 for none.
  public var momentum = 0.0
  /// Whether SGD looks ahead along its momentum.
  public var isNesterov = false
  /// What RMSProp keeps of the mean square at each step; nil for 0.99.
  public var smoothing: Double?
  /// The peak.
  public var learningRate = 0.004
  public var schedule = Schedule.cosine
  /// Passes over the text between two decays of the step schedule; nil for a fifth of the budget.
  public var decayEvery: Double?
  /// Passes over the text before the first decay of the step schedule; nil for `decayEvery`.
  public var decayAfter: Double?
  /// What the step schedule multiplies the learning rate with; nil for a half.
  public var decayFactor: Double?
  /// Steps over which the learning rate grows linearly from zero to its peak.
  public var warmupSteps = 50
  /// The largest global norm of the gradients; nil for none.
  public var clipNorm: Double? = 1
  /// The largest magnitude of a gradient, after clipping by norm; nil for none.
  public var clipValue: Double?
  /// L2 on all parameters: added to the gradient, or, with AdamW, taken off the weights.
  public var weightDecay = 0.0
  /// L1 on all parameters, as `weightDecay`.
  public var l1 = 0.0
  /// What the average of the weights keeps of itself at each step; nil where there is no average.
  public var averageDecay: Double?
  /// The share of units dropped after each layer.
  public var dropout = 0.0
  /// How long these units stay dropped.
  public var dropoutMask = Dropout.MaskKind.locked
  /// The share of symbols whose embeddings are dropped for a window.
  public var embeddingDropout = 0.0
  /// The share of each layer's recurrent weights that are dropped for a window.
  public var recurrentDropout = 0.0
  /// The share of the text that is not trained on.
  public var validationFraction = 0.1
  /// Where that share lies.
  public var validationSplit = ValidationSplit.tail
  /// Steps between validations; nil for as many as keep them at about a tenth of the work.
  public var evaluateEvery: Int?
  /// Validations without improvement after which the run ends; nil for never.
  public var patience: Int?

  public init() {}

  /// Settings that files of the first version lack may be missing: then they are as they were before they could
  /// be chosen.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, or missing: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? missing
    }
    batchSize = try values.decode(Int.self, forKey: .batchSize)
    windowLength = try values.decode(Int.self, forKey: .windowLength)
    laneOffsets = try value(.laneOffsets, or: .fixed)
    budget = try values.decode(Budget.self, forKey: .budget)
    seed = try values.decode(UInt64.self, forKey: .seed)
    initialization = try value(.initialization, or: Initialization())
    optimizer = try value(.optimizer, or: .adam)
    momentum = try value(.momentum, or: 0)
    isNesterov = try value(.isNesterov, or: false)
    smoothing = try values.decodeIfPresent(Double.self, forKey: .smoothing)
    learningRate = try values.decode(Double.self, forKey: .learningRate)
    schedule = try values.decode(Schedule.self, forKey: .schedule)
    decayEvery = try values.decodeIfPresent(Double.self, forKey: .decayEvery)
    decayAfter = try values.decodeIfPresent(Double.self, forKey: .decayAfter)
    decayFactor = try values.decodeIfPresent(Double.self, forKey: .decayFactor)
    warmupSteps = try values.decode(Int.self, forKey: .warmupSteps)
    clipNorm = try values.decodeIfPresent(Double.self, forKey: .clipNorm)
    clipValue = try values.decodeIfPresent(Double.self, forKey: .clipValue)
    weightDecay = try value(.weightDecay, or: 0)
    l1 = try value(.l1, or: 0)
    averageDecay = try values.decodeIfPresent(Double.self, forKey: .averageDecay)
    dropout = try values.decode(Double.self, forKey: .dropout)
    dropoutMask = try value(.dropoutMask, or: .locked)
    embeddingDropout = try value(.embeddingDropout, or: 0)
    recurrentDropout = try value(.recurrentDropout, or: 0)
    validationFraction = try values.decode(Double.self, forKey: .validationFraction)
    validationSplit = try value(.validationSplit, or: .tail)
    evaluateEvery = try values.decodeIfPresent(Int.self, forKey: .evaluateEvery)
    patience = try values.decodeIfPresent(Int.self, forKey: .patience)
  }
}

/// Where the part of a text lies that is kept for validation.
public enum ValidationSplit: String, Sendable, Codable, CaseIterable {
  /// At its end.
  case tail
  /// In blocks spread evenly over it, so that both parts are of the same kind where the text changes on its way.
  case interleaved
}

/// How gradients change weights; formulas and papers stand with `UpdateRule`.
public enum OptimizerKind: String, Sendable, Codable, CaseIterable {
  case adam
  /// Adam whose decay bypasses the moments.
  case adamW = "adamw"
  case rmsProp = "rmsprop"
  case adagrad
  /// Stochastic gradient descent, with momentum if asked for.
  case sgd

  /// A peak learning rate to begin with: that of SGD and RMSProp is for no momentum, and their steps grow
  /// `1 / (1 - momentum)` times as long with it.
  public var defaultLearningRate: Double {
    switch self {
    case .adam, .adamW, .rmsProp: 0.004
    case .adagrad: 0.1
    case .sgd: 10
    }
  }
}
