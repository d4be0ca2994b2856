import RecurrentNetwork

/// The settings with which a network is trained; stored with the resulting model.
public struct TrainingConfiguration: Sendable, Codable, Equatable {
  /// The length of a training.
  public struct Budget: Sendable, Codable, Equatable {
    /// What is counted.
    public enum Unit: String, Sendable, Codable {
      case steps
      /// Passes over the training text.
      case epochs
      /// Wall-clock time of the run, validations included.
      case minutes
    }

    /// A fraction of an epoch or of a minute is allowed.
    public var amount: Double
    /// What `amount` counts.
    public var unit: Unit
    /// Passes over the training text after which a time ends early; nil for none.
    public var mostEpochs: Double?

    /// Creates a budget of `amount` units.
    public init(_ amount: Double, _ unit: Unit, mostEpochs: Double? = nil) {
      self.amount = amount
      self.unit = unit
      self.mostEpochs = mostEpochs
    }
  }

  /// The course of the learning rate after the warm-up.
  public enum Schedule: String, Sendable, Codable, CaseIterable {
    case constant
    /// Half a cosine wave down to 2 % of the peak at the end of the budget (Loshchilov & Hutter
    /// 2017).
    case cosine
    /// A straight line down to 2 % of the peak at the end of the budget.
    case linear
    /// Multiplied by `decayFactor` at intervals, constant in between.
    case step
  }

  /// The positions in the text at which the lanes of an epoch begin.
  public enum LaneOffsets: String, Sendable, Codable, CaseIterable {
    /// The first lane begins at the beginning of the text in every epoch.
    case fixed
    /// Each epoch begins at another position, as if the text were a ring, so that windows have
    /// other boundaries.
    case random
  }

  /// The parameters that decay.
  public enum DecayScope: String, Sendable, Codable, CaseIterable {
    /// All, as in PyTorch without parameter groups.
    case all
    /// Matrices: the embedding, W_ih, W_hh and the projection, without biases and gains.
    case matrices
  }

  /// B, lanes of the text side by side.
  public var batchSize = 32
  /// The parts of a batch whose gradients are computed on their own and added in a fixed order. The
  /// weights depend on their number, but not on the processes that share them.
  public var shards = 1
  /// T, tokens through which gradients flow back.
  public var windowLength = 64
  /// Where lanes begin in each pass over the text.
  public var laneOffsets = LaneOffsets.fixed
  /// How long training takes.
  public var budget = Budget(2_000, .steps)
  /// Determines initial weights and dropout.
  public var seed: UInt64 = 1
  /// The distribution of the initial weights.
  public var initialization = Initialization()
  /// The rule of the updates.
  public var optimizer = OptimizerKind.adam
  /// The momentum of SGD and RMSProp; 0 for none.
  public var momentum = 0.0
  /// Whether SGD uses Nesterov momentum.
  public var isNesterov = false
  /// The share of the mean square that RMSProp keeps at each step; nil for 0.99.
  public var smoothing: Double?
  /// The peak of the learning rate.
  public var learningRate = OptimizerKind.adam.defaultLearningRate
  /// How the learning rate changes during the run.
  public var schedule = Schedule.cosine
  /// Passes over the text between two decays of the step schedule; nil for a fifth of the budget.
  public var decayEvery: Double?
  /// Passes over the text before the first decay of the step schedule; nil for `decayEvery`.
  public var decayAfter: Double?
  /// The factor of each decay of the step schedule; nil for a half.
  public var decayFactor: Double?
  /// Steps over which the learning rate grows linearly from zero to its peak.
  public var warmupSteps = 50
  /// The largest global norm of the gradients; nil for none.
  public var clipNorm: Double? = 1
  /// The largest magnitude of a gradient, after clipping by norm; nil for none.
  public var clipValue: Double?
  /// The L2 penalty on the parameters of `decayScope`: added to the gradient, or, with AdamW,
  /// subtracted from the weights.
  public var weightDecay = 0.0
  /// The L1 penalty, applied as `weightDecay` is.
  public var l1 = 0.0
  /// The parameters that both penalties apply to.
  public var decayScope = DecayScope.all
  /// The share of the weights' average that is kept at each step; nil for no exponential average.
  public var averageDecay: Double?
  /// The share of the budget, at its end, whose steps' weights are averaged; nil for no such
  /// average.
  public var averageLast: Double?
  /// The share of units dropped after each layer.
  public var dropout = 0.0
  /// How long these units stay dropped.
  public var dropoutMask = Dropout.MaskKind.locked
  /// The share of symbols whose embeddings are dropped for a window.
  public var embeddingDropout = 0.0
  /// The share of each layer's recurrent weights that are dropped for a window.
  public var recurrentDropout = 0.0
  /// The share of the text that is kept for validation.
  public var validationFraction = 0.1
  /// The location of that share.
  public var validationSplit = ValidationSplit.tail
  /// Steps between validations; nil for as many as limit validations to about a tenth of the work.
  public var evaluateEvery: Int?
  /// Validations without improvement after which the run ends; nil for never.
  public var patience: Int?

  /// Creates the default settings.
  public init() {}

  /// Decodes settings. Those that files of the first version lack get the values that were fixed at
  /// that time.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, or missing: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? missing
    }
    batchSize = try values.decode(Int.self, forKey: .batchSize)
    shards = try value(.shards, or: 1)
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
    decayScope = try value(.decayScope, or: .all)
    averageDecay = try values.decodeIfPresent(Double.self, forKey: .averageDecay)
    averageLast = try values.decodeIfPresent(Double.self, forKey: .averageLast)
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

/// The location of the part of a text that is kept for validation.
public enum ValidationSplit: String, Sendable, Codable, CaseIterable {
  /// The end of the text.
  case tail
  /// Blocks spread evenly over the text, so that both are of the same kind even if the text changes
  /// along the way.
  case interleaved
}

/// A rule by which gradients change weights; for formulas and papers see `UpdateRule`.
public enum OptimizerKind: String, Sendable, Codable, CaseIterable {
  case adam
  /// Adam whose weight decay bypasses the moments.
  case adamW = "adamw"
  case rmsProp = "rmsprop"
  case adagrad
  /// Stochastic gradient descent, with momentum if requested.
  case sgd

  /// A reasonable peak learning rate. For SGD and RMSProp it assumes no momentum, with which their
  /// steps grow `1 / (1 - momentum)` times as long.
  public var defaultLearningRate: Double {
    switch self {
    case .adam, .adamW, .rmsProp: 0.004
    case .adagrad: 0.1
    case .sgd: 10
    }
  }
}
