import Kernels
import ModelFiles
import RecurrentNetwork
import Training

extension Train {
  /// Chooses the settings that no option gives from the text, the minutes and the speed of this
  /// machine, and prints the choices with their reasons.
  /// - Parameter stopwatch: started with the command.
  /// - Throws: `TrainingError` or `NetworkError`.
  func settings(
    for corpus: PreparedCorpus, before stopwatch: Stopwatch, processor: Processor
  ) throws -> (NetworkConfiguration, TrainingConfiguration) {
    let settings = try trainingOptions.configuration(
      optimizerOptions, base: TrainingConfiguration())
    let vocabularySize = corpus.tokenizer.vocabularySize
    let recipe = try TrainingRecipe.calibrated(
      tokens: corpus.tokens, name: corpus.name, validationTokens: corpus.validationTokens,
      vocabularySize: vocabularySize, settings: settings,
      seconds: settings.budget.amount * 60 - stopwatch.seconds, given: given,
      processor: processor)
    var configuration = try trainingOptions.configuration(
      optimizerOptions, base: recipe.configuration)
    initializationOptions.apply(to: &configuration)
    for line in recipe.lines(settled: configuration) { shared.note(line) }
    return (
      networkOptions.configuration(vocabularySize: vocabularySize, base: recipe.network),
      configuration
    )
  }

  private var given: RecipeConstraints {
    var given = networkOptions.given
    given.batchSize = trainingOptions.batchSize
    given.windowLength = trainingOptions.window
    return given
  }
}

extension NetworkOptions {
  fileprivate var given: RecipeConstraints {
    var given = RecipeConstraints()
    (given.cell, given.activation) = (cell, shape.activation)
    (given.layerCount, given.hiddenSize) = (shape.layers, shape.hiddenSize)
    (given.embeddingSize, given.tiesEmbeddings) = (shape.embeddingSize, tieEmbeddings)
    return given
  }
}
