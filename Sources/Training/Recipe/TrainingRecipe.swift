import Glibc
import Kernels
import ModelFiles
import RecurrentNetwork

/// The network and the settings that learn a text best in a given time, according to the
/// experiments in docs/experiments.md.
///
/// ```swift
/// import Training
///
/// let task = TrainingRecipe.Task(
///   trainingTokens: 1_000_000, validationTokens: 100_000, vocabularySize: 65, seconds: 180)
/// let recipe = TrainingRecipe(for: task, speed: TrainingSpeed(points))
/// print(recipe.network.hiddenSize, recipe.configuration.dropout)
/// ```
public struct TrainingRecipe: Sendable, Equatable {
  /// A text to learn and the time for it.
  public struct Task: Sendable, Equatable {
    /// Tokens to train on in an epoch.
    public var trainingTokens: Int
    /// Tokens that a validation scores; 0 if there is no validation.
    public var validationTokens: Int
    /// V, with the unknown token and the end of a text.
    public var vocabularySize: Int
    /// The time for training and validations.
    public var seconds: Double
    /// Settings that are not to be chosen.
    public var given = RecipeConstraints()

    /// Creates a task.
    public init(
      trainingTokens: Int, validationTokens: Int, vocabularySize: Int, seconds: Double,
      given: RecipeConstraints = RecipeConstraints()
    ) {
      self.trainingTokens = trainingTokens
      self.validationTokens = validationTokens
      self.vocabularySize = vocabularySize
      self.seconds = seconds
      self.given = given
    }
  }

  /// The reason why the hidden size is not larger.
  public enum SizeLimit: Sendable {
    /// The hidden size was given.
    case given
    case time
    /// The text is too short for a larger network.
    case text
    /// It is the largest of the sizes to choose from.
    case sizes
  }

  /// A larger network, and the seconds that it would need.
  public struct LargerNetwork: Sendable, Equatable {
    /// H.
    public var hiddenSize: Int
    /// The time that it would need.
    public var seconds: Double
  }

  /// The network to train.
  public let network: NetworkConfiguration
  /// All settings except the budget.
  public let configuration: TrainingConfiguration
  /// The passes after which the run ends early, because further ones would only memorize the text;
  /// nil if the network cannot hold the text.
  public let mostEpochs: Double?
  /// The time that the run is expected to take: the task's, or less with `mostEpochs`.
  public let seconds: Double
  /// The passes over the text that this time is expected to allow.
  public let epochs: Double
  /// The next larger network, if only time is missing for it.
  public let larger: LargerNetwork?
  /// Measured training speed.
  public let tokensPerSecond: Double
  /// What keeps the network from being larger.
  public let sizeLimit: SizeLimit
  /// The task that the recipe is for.
  public let task: Task

  /// - Parameters:
  ///   - task: the text, the time and the settings that are fixed.
  ///   - speed: measured with networks like the task's and batches like `configuration(for:)`'s.
  public init(for task: Task, speed: TrainingSpeed) {
    let (hiddenSize, sizeLimit, larger) = Self.hiddenSize(for: task, speed)
    var task = task
    let seconds = speed.trainingSecondsPerToken(hiddenSize: hiddenSize)
    let scoring =
      Double(task.validationTokens) * speed.scoringSecondsPerToken(hiddenSize: hiddenSize)
    let ratio =
      Self.learnedCount(Self.network(for: task, hiddenSize: hiddenSize))
      / Double(task.trainingTokens)
    let affordable = max(0, task.seconds - scoring) / seconds / Double(task.trainingTokens)
    var configuration = Self.configuration(for: task)
    let tokensPerStep = configuration.batchSize * configuration.windowLength
    let mostEpochs = Self.mostEpochs(
      for: task, parametersPerTextToken: ratio,
      tokensPerStep: tokensPerStep)
    let epochs = min(affordable, mostEpochs ?? .infinity)
    let trainingSeconds = epochs * Double(task.trainingTokens) * seconds
    if task.given.isNormalized == nil, task.given.normalizationGroups == nil {
      task.given.isNormalized =
        (task.given.cell ?? .lstm) == .lstm
        && Self.isNormalized(epochs: epochs, parametersPerTextToken: ratio)
    }
    let network = Self.network(for: task, hiddenSize: hiddenSize)
    let startsFromModel = task.given.startsFromModel
    configuration.learningRate =
      startsFromModel
      ? Self.fineTuningRate(batchSize: configuration.batchSize)
      : Self.learningRate(of: network, batchSize: configuration.batchSize)
    let steps = trainingSeconds / seconds / Double(tokensPerStep)
    configuration.warmupSteps = Int(max(1, min(50, steps * Self.warmupShare)))
    if startsFromModel {
      configuration.dropout = Self.fineTuningDropout
    } else {
      configuration.dropout = Self.dropout(
        epochs: epochs, parametersPerTextToken: ratio,
        isNormalized: network.normalizationGroups != nil,
        isLargeVocabulary: task.vocabularySize >= Self.largeVocabulary)
      configuration.recurrentDropout = Self.recurrentDropout(epochs: epochs)
    }
    configuration.evaluateEvery = Self.validationInterval(
      steps: steps, seconds: trainingSeconds + scoring, scoringSeconds: scoring)
    self.task = task
    self.mostEpochs = mostEpochs
    self.seconds = epochs < affordable ? trainingSeconds + scoring : task.seconds
    self.sizeLimit = sizeLimit
    self.larger = larger
    self.network = network
    self.configuration = configuration
    self.epochs = epochs
    tokensPerSecond = 1 / seconds
  }

  // MARK: Sizes

  /// The sizes that are measured; the speed of others is interpolated or extrapolated.
  package static let measuredSizes = [128, 256, 512]
  /// The sizes to choose from: multiples of the widest vector, so that no vector lane is idle.
  static let sizes = [32, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 1_536, 2_048]
  /// Training tokens, repeated ones included, from which a network is better than smaller ones.
  ///
  /// A text that will be read often is better read still more often, with more dropout, than by a
  /// larger network.
  private static func enoughTokens(parameterCount count: Double, textTokens: Double) -> Double {
    let few = 1.4 * count
    return few < 15 * textTokens ? few : min(2.3 * count, 40 * textTokens)
  }

  /// Passes over the text after which a network that could hold all of it only memorizes it.
  private static let memorizingEpochs = 60.0
  /// Fewer steps are too few for any text.
  private static let leastSteps = 1_000.0
  /// Parameters per token of the text above which a network could hold all of it.
  static let memorizingRatio = 4.0
  /// Parameters per token of the text above which a network is no better than a smaller one,
  /// because it memorizes the text after fewer passes.
  static let parametersPerTextToken = 25.0

  private static func hiddenSize(
    for task: Task, _ speed: TrainingSpeed
  ) -> (Int, SizeLimit, LargerNetwork?) {
    if let given = task.given.hiddenSize { return (given, .given, nil) }
    var chosen = sizes[0]
    for size in sizes {
      let count = learnedCount(network(for: task, hiddenSize: size))
      if count > parametersPerTextToken * Double(task.trainingTokens) {
        return (chosen, .text, nil)
      }
      let enough = enoughTokens(parameterCount: count, textTokens: Double(task.trainingTokens))
      let seconds = enough * speed.trainingSecondsPerToken(hiddenSize: size)
      if task.seconds < seconds {
        return (chosen, .time, LargerNetwork(hiddenSize: size, seconds: seconds))
      }
      chosen = size
    }
    return (chosen, .sizes, nil)
  }

  private static func mostEpochs(
    for task: Task, parametersPerTextToken ratio: Double, tokensPerStep: Int
  ) -> Double? {
    guard !task.given.startsFromModel else { return fineTuningEpochs }
    guard ratio > memorizingRatio else { return nil }
    let least = leastSteps * Double(tokensPerStep) / Double(task.trainingTokens)
    return max(memorizingEpochs, least.rounded(.up))
  }

  /// The number of weights, of which the tables of a large vocabulary count only in part: each
  /// token trains all weights of the layers, but little more than its own rows of the tables.
  private static func learnedCount(_ network: NetworkConfiguration) -> Double {
    var network = network
    network.vocabularySize = min(network.vocabularySize, mostLearnedRows)
    return Double(ParameterLayout(network).count)
  }

  /// The rows of the tables that count.
  private static let mostLearnedRows = 256

  /// The task's network with this hidden size, within the constraints.
  package static func network(for task: Task, hiddenSize: Int) -> NetworkConfiguration {
    let given = task.given
    let isFactored = given.embeddingSize == nil && task.vocabularySize >= largeVocabulary
    return NetworkConfiguration(
      cell: given.cell ?? .lstm, activation: given.activation,
      vocabularySize: task.vocabularySize,
      embeddingSize: given.embeddingSize
        ?? (isFactored ? min(hiddenSize, factoredEmbeddingSize) : hiddenSize),
      hiddenSize: hiddenSize, layerCount: given.layerCount ?? 1,
      tiesEmbeddings: given.tiesEmbeddings || isFactored,
      normalizationGroups: given.isNormalized ?? (given.normalizationGroups != nil)
        ? given.normalizationGroups
          ?? NetworkConfiguration.normalizationGroups(hiddenSize: hiddenSize) : nil,
      isResidual: given.isResidual)
  }

  /// Tokens of a vocabulary above which the embeddings are narrow and tied: the projection to V
  /// logits would otherwise be most of the work, and each of its rows is trained too seldom.
  private static let largeVocabulary = 1_000
  private static let factoredEmbeddingSize = 64

  // MARK: Settings

  private static let warmupShare = 0.05

  /// The settings that do not depend on the machine's speed.
  package static func configuration(for task: Task) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    let shape = BatchShape(
      batchSize: task.given.batchSize
        ?? (task.given.startsFromModel
          ? fineTuningBatchSize(for: task, atMost: configuration.batchSize)
          : max(configuration.batchSize, task.given.shards)),
      windowLength: task.given.windowLength ?? configuration.windowLength
    ).fitted(tokenCount: task.trainingTokens)
    configuration.batchSize = shape.batchSize
    configuration.shards = task.given.shards
    configuration.windowLength = shape.windowLength
    configuration.laneOffsets = .random
    configuration.initialization.weights = .xavier
    configuration.initialization.recurrentWeights = .orthogonal
    configuration.initialization.outputBias = .frequencies
    configuration.optimizer = .adamW
    configuration.weightDecay = weightDecay
    configuration.decayScope = .matrices
    return configuration
  }

  /// Decoupled, of matrices only (Loshchilov & Hutter 2019, "Decoupled weight decay
  /// regularization").
  private static let weightDecay = 0.1

  /// Normalized sums learn more from each step, but memorize a text sooner, too. Other cells than
  /// the LSTM were not compared.
  private static func isNormalized(epochs: Double, parametersPerTextToken ratio: Double) -> Bool {
    epochs < mostNormalizedEpochs && ratio < mostNormalizedRatio
  }

  private static let mostNormalizedEpochs = 15.0
  private static let mostNormalizedRatio = 4.0

  /// The share of dropped units. A text that is read often must not be memorized; if it is read only
  /// a few times, or by a network too small to hold it, dropout just slows learning down.
  private static func dropout(
    epochs: Double, parametersPerTextToken ratio: Double, isNormalized: Bool,
    isLargeVocabulary: Bool
  ) -> Double {
    let share =
      dropoutOfEpochs * log(max(1, epochs) / epochsWithoutDropout)
      + dropoutOfSize * min(0, log(max(1e-6, ratio) / ratioOfFullDropout))
      + (isNormalized ? dropoutOfNormalization : 0)
      + (isLargeVocabulary ? dropoutOfLargeVocabulary : 0)
    return (max(0, min(mostDropout, share)) * 100).rounded() / 100
  }

  private static let epochsWithoutDropout = 3.4
  private static let dropoutOfEpochs = 0.27
  private static let ratioOfFullDropout = 2.0
  private static let dropoutOfSize = 0.1
  private static let dropoutOfNormalization = 0.05
  /// Rare characters are memorized after fewer passes.
  private static let dropoutOfLargeVocabulary = 0.2
  private static let mostDropout = 0.5

  /// The share of dropped recurrent weights. If a text is read very often, dropping outputs alone
  /// does not prevent memorization.
  private static func recurrentDropout(epochs: Double) -> Double {
    let share = recurrentDropoutOfEpochs * log(max(1, epochs) / epochsWithoutRecurrentDropout)
    return (max(0, min(mostRecurrentDropout, share)) * 100).rounded() / 100
  }

  private static let epochsWithoutRecurrentDropout = 30.0
  private static let recurrentDropoutOfEpochs = 0.7
  private static let mostRecurrentDropout = 0.35

  // MARK: Large batches

  /// What a network learns from a token in a batch of this size, compared with the usual one.
  ///
  /// The tokens that reach a given loss grow as `1 + B / B_critical` (McCandlish et al. 2018, "An
  /// empirical model of large-batch training"). The constant is that of runs of three passes
  /// (docs/experiments.md); longer runs lose less.
  static func learnedShare(batchSize: Int) -> Double {
    func tokens(_ batchSize: Int) -> Double { 1 + Double(batchSize) / criticalBatchSize }
    return tokens(TrainingConfiguration().batchSize) / tokens(batchSize)
  }

  private static let criticalBatchSize = 192.0

  // MARK: Learning rate

  /// The peak: in LSTMs it falls with the width (as in Yang et al. 2021, "Tuning large neural networks
  /// via zero-shot hyperparameter transfer"). It grows with the square root of a batch that is larger
  /// than usual. Other cells than the LSTM were not tried.
  private static func learningRate(of network: NetworkConfiguration, batchSize: Int) -> Double {
    let usual = TrainingConfiguration()
    guard network.cell == .lstm else { return usual.learningRate }
    let rate = min(mostRate, rateOfOneUnit / Double(network.hiddenSize))
    let factor = max(1, Double(batchSize) / Double(usual.batchSize)).squareRoot()
    return (factor * rate * 1e4).rounded() / 1e4
  }

  private static let rateOfOneUnit = 6.5
  private static let mostRate = 0.02

  // MARK: Fine-tuning

  /// The peak learning rate of a trained model that learns another text. Gradients of fewer lanes
  /// are noisier (Krizhevsky 2014, "One weird trick for parallelizing convolutional neural
  /// networks": the rate follows the square root of the batch).
  private static func fineTuningRate(batchSize: Int) -> Double {
    let share = min(1, Double(batchSize) / Double(TrainingConfiguration().batchSize))
    return (0.002 * share.squareRoot() * 1e4).rounded() / 1e4
  }

  /// More dropout destroys more of what the model knows than it protects.
  private static let fineTuningDropout = 0.1
  /// Passes after which a trained model begins to memorize a new text.
  private static let fineTuningEpochs = 3.0
  /// Fewer steps adapt a model only in part.
  private static let leastFineTuningSteps = 90.0
  private static let leastFineTuningBatchSize = 4

  /// Fewer lanes for a short text, so that its few passes are enough steps.
  private static func fineTuningBatchSize(for task: Task, atMost most: Int) -> Int {
    let windowLength = task.given.windowLength ?? TrainingConfiguration().windowLength
    let windows = fineTuningEpochs * Double(task.trainingTokens) / Double(windowLength)
    let least = max(leastFineTuningBatchSize, task.given.shards)
    return max(least, min(most, Int(windows / leastFineTuningSteps)))
  }

  // MARK: Validations

  /// The share of the time that validations take, except for the last one.
  private static let validationShare = 0.04
  private static let mostValidations = 20.0

  /// Steps between validations: as many validations as the time allows, spread so that the last of
  /// them is well before the end, where there is always one.
  private static func validationInterval(
    steps: Double, seconds: Double, scoringSeconds: Double
  ) -> Int {
    let affordable = validationShare * seconds / max(1e-9, scoringSeconds)
    let count = min(mostValidations, affordable.rounded(.down))
    return Int(max(1, min(1e15, (steps / (count + 0.5)).rounded(.up))))
  }
}

/// Settings of a recipe's network and batches that are fixed beforehand; nil for those to be
/// chosen.
public struct RecipeConstraints: Sendable, Equatable {
  /// The recurrent cell.
  public var cell: CellKind?
  /// The function of a simple RNN.
  public var activation: Activation?
  /// The number of layers.
  public var layerCount: Int?
  /// H.
  public var hiddenSize: Int?
  /// E.
  public var embeddingSize: Int?
  /// Whether the projection uses the embedding's weights.
  public var tiesEmbeddings = false
  /// Whether sums are normalized.
  public var isNormalized: Bool?
  /// The groups of units whose sums are normalized together.
  public var normalizationGroups: Int?
  /// Whether each layer above the first adds its input to its output.
  public var isResidual = false
  /// B.
  public var batchSize: Int?
  /// T.
  public var windowLength: Int?
  /// Each has a lane at least.
  public var shards = 1
  /// Whether training starts from a trained model, whose network the other constraints give.
  public var startsFromModel = false

  /// Leaves everything to be chosen.
  public init() {}
}
