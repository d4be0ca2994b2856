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
  }

  /// B, lanes of the text that run side by side.
  public var batchSize = 32
  /// T, tokens through which gradients flow back.
  public var windowLength = 64
  public var budget = Budget(2_000, .steps)
  /// Decides initial weights and dropout.
  public var seed: UInt64 = 1
  /// The peak learning rate of Adam.
  public var learningRate = 0.004
  public var schedule = Schedule.cosine
  /// Steps over which the learning rate grows linearly from zero to its peak.
  public var warmupSteps = 50
  /// The largest global norm of the gradients; nil for none.
  public var clipNorm: Double? = 1
  /// The share of units dropped after each layer.
  public var dropout = 0.0
  /// The share of the text, at its end, that is not trained on.
  public var validationFraction = 0.1
  /// Steps between validations; nil for as many as keep them at about a tenth of the work.
  public var evaluateEvery: Int?

  public init() {}
}
