import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization
import Training

/// One dial: where only minutes are given, the rest is chosen from the text, the time and this machine's speed.
extension Train {
  /// Chooses what no option gives, and says what and why.
  /// - Parameter stopwatch: has run since the command began.
  /// - Throws: `TrainingError` or `NetworkError`.
  func settings(
    for tokens: (training: TokenFile, validation: TokenFile?), name: String,
    vocabularySize: Int, before stopwatch: Stopwatch, processor: Processor
  ) throws -> (NetworkConfiguration, TrainingConfiguration) {
    let settings = try trainingOptions.configuration(
      optimizerOptions, base: TrainingConfiguration())
    let recipe = try TrainingRecipe.calibrated(
      tokens: tokens.training, name: name, validationTokens: tokens.validation,
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
    (given.cell, given.activation) = (cell, activation)
    (given.layerCount, given.hiddenSize) = (layers, hiddenSize)
    (given.embeddingSize, given.tiesEmbeddings) = (embeddingSize, tieEmbeddings)
    return given
  }
}
