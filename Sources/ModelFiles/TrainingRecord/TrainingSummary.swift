/// The settings and results of a model's training.
public struct TrainingSummary: Sendable, Codable, Equatable {
  /// As used: with the batch size and window length fitted to a small text.
  public var configuration: TrainingConfiguration
  /// Steps before these weights.
  public var steps: Int
  /// Characters trained on before these weights, counted again in every epoch.
  public var charactersSeen: Int
  /// Wall-clock seconds before these weights.
  public var seconds: Double
  /// Tokens of the training text.
  public var trainingTokens: Int
  /// Tokens of the validation text; 0 if there was none.
  public var validationTokens: Int
  /// The score of these weights on the complete validation text; nil if there was none.
  public var validationNatsPerToken: Double?
  /// The history of the loss before these weights; nil in files of the first version.
  public var history: TrainingHistory?
  /// Steps of the model that training started from; nil if it started from random weights.
  public var earlierSteps: Int?
  /// What these weights were trained on; nil in older files.
  public var sources: TrainingSources?

  /// Creates a summary.
  public init(
    configuration: TrainingConfiguration, steps: Int, charactersSeen: Int, seconds: Double,
    trainingTokens: Int, validationTokens: Int, validationNatsPerToken: Double?,
    history: TrainingHistory? = nil, earlierSteps: Int? = nil, sources: TrainingSources? = nil
  ) {
    self.configuration = configuration
    self.steps = steps
    self.charactersSeen = charactersSeen
    self.seconds = seconds
    self.trainingTokens = trainingTokens
    self.validationTokens = validationTokens
    self.validationNatsPerToken = validationNatsPerToken
    self.history = history
    self.earlierSteps = earlierSteps
    self.sources = sources
  }
}

extension TrainingSummary {
  /// The largest count that a `Double` holds exactly, together with all smaller ones.
  private static let largestCount = 1 << 53

  /// A value that no training gives, as key and value; nil if there is none.
  var impossibleValue: String? {
    let counts = [
      ("configuration.batch_size", configuration.batchSize, 1),
      ("configuration.window_length", configuration.windowLength, 1), ("steps", steps, 0),
      ("characters_seen", charactersSeen, 0), ("training_tokens", trainingTokens, 0),
      ("validation_tokens", validationTokens, 0), ("earlier_steps", earlierSteps ?? 0, 0),
    ]
    if let (key, value, _) = counts.first(where: { !($0.2...Self.largestCount ~= $0.1) }) {
      return "'\(key)' is \(value)"
    }
    if !Self.isPossible(seconds: seconds) { return "'seconds' is \(seconds)" }
    if configuration.budget.amount < 0 {
      return "'configuration.budget.amount' is \(configuration.budget.amount)"
    }
    if let epochs = configuration.budget.mostEpochs, epochs < 0 {
      return "'configuration.budget.most_epochs' is \(epochs)"
    }
    return sources?.impossibleValue ?? history.flatMap { Self.impossibleValue(of: $0) }
  }

  private static func impossibleValue(of history: TrainingHistory) -> String? {
    let points = history.points
    guard points.count <= TrainingHistory.limit else {
      return "'history' has \(points.count) points"
    }
    let areSorted = zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step }
    let arePossible = points.allSatisfy {
      0...largestCount ~= $0.step && isPossible(seconds: $0.seconds)
    }
    return areSorted && arePossible ? nil : "'history' has points out of order"
  }

  private static func isPossible(seconds: Double) -> Bool {
    0...Double(largestCount) ~= seconds
  }
}
