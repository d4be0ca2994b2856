/// What the training of a model was and came to.
public struct TrainingSummary: Sendable, Codable, Equatable {
  /// As it was carried out: batch and window are those after shrinking to a small text.
  public var configuration: TrainingConfiguration
  /// Steps until these weights.
  public var steps: Int
  /// Characters trained on until these weights, those of every epoch counted.
  public var charactersSeen: Int
  /// Wall-clock seconds until these weights.
  public var seconds: Double
  /// Tokens of the text that was trained on.
  public var trainingTokens: Int
  /// Tokens of the validation text; 0 where there was none.
  public var validationTokens: Int
  /// The score of these weights on the whole validation text; nil where there was none.
  public var validationNatsPerToken: Double?
  /// How the loss went until these weights; nil in files of the first version.
  public var history: TrainingHistory?
  /// Steps of the model that training went on from; nil where it began anew.
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
