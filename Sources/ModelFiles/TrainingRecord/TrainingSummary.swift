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

  public init(
    configuration: TrainingConfiguration, steps: Int, charactersSeen: Int, seconds: Double,
    trainingTokens: Int, validationTokens: Int, validationNatsPerToken: Double?,
    history: TrainingHistory? = nil, earlierSteps: Int? = nil
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
  }
}
