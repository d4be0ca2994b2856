import Kernels
import ModelFiles
import Processes
import RecurrentNetwork
import Training

extension Train {
  /// Chooses the settings that no option gives from the text, the minutes and the speed of this
  /// machine, and prints the choices with their reasons.
  /// - Parameters:
  ///   - base: the name and the network of a trained model that is trained further.
  ///   - stopwatch: started with the command.
  /// - Throws: `TrainingError` or `NetworkError`.
  func settings(
    for corpus: PreparedCorpus, base: (name: String, network: NetworkConfiguration)?,
    before stopwatch: Stopwatch,
    processor: Processor
  ) throws -> (NetworkConfiguration, TrainingConfiguration) {
    let settings = try trainingOptions.configuration(
      optimizerOptions, base: TrainingConfiguration())
    let vocabularySize = corpus.tokenizer.vocabularySize
    let recipe = try TrainingRecipe.calibrated(
      tokens: corpus.tokens, name: corpus.name, validationTokens: corpus.validationTokens,
      vocabularySize: vocabularySize, settings: settings,
      seconds: settings.budget.amount * 60 - stopwatch.seconds,
      given: base.map { constraints(of: $0.network) } ?? given,
      backend: OtherProcesses.backend(shards: settings.shards, threads: shared.threads),
      processor: processor)
    var configuration = try trainingOptions.configuration(
      optimizerOptions, base: recipe.configuration)
    initializationOptions.apply(to: &configuration)
    configuration.budget.mostEpochs = recipe.mostEpochs
    let lines = recipe.lines(
      settled: configuration, givesDropout: trainingOptions.dropout != nil, base: base?.name)
    for line in lines { shared.note(line) }
    return (
      base?.network
        ?? networkOptions.configuration(vocabularySize: vocabularySize, base: recipe.network),
      configuration
    )
  }

  private func constraints(of network: NetworkConfiguration) -> RecipeConstraints {
    var given = given
    (given.cell, given.activation) = (network.cell, network.activation)
    (given.layerCount, given.hiddenSize) = (network.layerCount, network.hiddenSize)
    given.embeddingSize = network.embeddingSize
    given.tiesEmbeddings = network.tiesEmbeddings
    given.normalizationGroups = network.normalizationGroups
    given.isNormalized = network.normalizationGroups != nil
    given.isResidual = network.isResidual
    given.startsFromModel = true
    return given
  }

  private var given: RecipeConstraints {
    var given = networkOptions.given
    given.batchSize = trainingOptions.batchSize
    given.windowLength = trainingOptions.window
    given.shards = trainingOptions.shards ?? ProcessGroup.current?.count ?? 1
    return given
  }
}

extension NetworkOptions {
  fileprivate var given: RecipeConstraints {
    var given = RecipeConstraints()
    (given.cell, given.activation) = (cell, shape.activation)
    (given.layerCount, given.hiddenSize) = (shape.layers, shape.hiddenSize)
    (given.embeddingSize, given.tiesEmbeddings) = (shape.embeddingSize, tieEmbeddings)
    given.isNormalized = shape.layerNorm.map { $0 != .none }
    given.normalizationGroups = shape.layerNormGroups
    given.isResidual = shape.residual
    return given
  }
}
