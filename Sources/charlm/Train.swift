import ArgumentParser
import ModelFiles
import Storage
import Tokenization
import Training

struct Train: Command {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on text files.",
    discussion: """
      Examples:
        charlm train novel.txt --output novel.safetensors --minutes 5
        charlm train letters.txt --from novel.safetensors --output letters.safetensors

      The last tenth of the text is kept for validation, and the weights that predict it best are
      saved. With --json, events are printed on standard output, one JSON object a line.
      """)

  @Argument(help: "The texts, UTF-8; '-' is standard input.")
  var texts: [String]

  @Option(help: "The model file to write.")
  var output: String

  @Option(
    help: ArgumentHelp(
      "Go on from this model: characters that it does not know are added behind its own, and all "
        + "settings that are not given are the model's.", valueName: "model"))
  var from: String?

  @OptionGroup(title: "Tokenizer") var tokenizerOptions: TokenizerOptions
  @OptionGroup(title: "Model") var networkOptions: NetworkOptions
  @OptionGroup(title: "Initial weights") var initializationOptions: InitializationOptions
  @OptionGroup(title: "Training") var trainingOptions: TrainingOptions
  @OptionGroup(title: "Optimizer") var optimizerOptions: OptimizerOptions
  @OptionGroup(title: "Watching") var watchOptions: WatchOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    let processor = try shared.processor()
    let origin = try from.map { try TextModel(path: $0, processor: processor) }
    let configuration = try configuration(origin)
    try checkFiles()
    let texts = try TrainingTexts(
      texts, validationFile: trainingOptions.validationFile,
      invalidUTF8: tokenizerOptions.encoding.invalidUTF8, spoolingBeside: output)
    let start =
      try origin.map { model in
        try StartingPoint(
          model, texts, minimumCount: tokenizerOptions.minCount, seed: configuration.seed,
          processor: processor)
      } ?? StartingPoint(texts, tokenizerOptions.configuration, networkOptions)
    start.additions.map { shared.note("Going on from '\(from!)': \($0)") }
    let (tokens, validationTokens) = try texts.tokens(start.tokenizer)
    let run = try TrainingRun(
      tokens: tokens, name: textName, tokenizer: start.tokenizer, network: start.network,
      configuration: configuration, validationTokens: validationTokens,
      startingFrom: start.model, processor: processor)
    var reporter = try watchOptions.reporter(
      output: output, vocabularySize: start.tokenizer.vocabularySize, seed: configuration.seed,
      isQuiet: shared.quiet, processor: processor)
    let result = try run.run(snapshotEvery: reporter.sampleInterval) { try reporter.report($0) }
    try reporter.finish(result)
  }

  private var textName: String { texts.count == 1 ? "'\(texts[0])'" : "The text" }

  /// The settings that were given, in place of the model's or of the usual ones.
  /// - Throws: `TrainingError`, `NetworkError` or `UsageError` for those that cannot be.
  private func configuration(_ origin: TextModel?) throws -> TrainingConfiguration {
    var configuration = try trainingOptions.configuration(
      optimizerOptions, base: origin?.training.configuration ?? TrainingConfiguration())
    if let origin {
      try networkOptions.check(against: origin.weights.configuration)
      try tokenizerOptions.check(against: origin.tokenizer.configuration)
      try initializationOptions.checkUnused()
      try configuration.validate(for: origin.weights.configuration.cell)
    } else {
      initializationOptions.apply(to: &configuration)
      let network = networkOptions.configuration(vocabularySize: 1)
      try configuration.validate(for: network.cell)
      try network.validate()
    }
    return configuration
  }

  /// Finds out before any work whether all files can be written, and that nothing is written over.
  private func checkFiles() throws {
    let inputs = texts + [trainingOptions.validationFile].compactMap { $0 }
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    guard !inputs.contains(where: { isSameFile($0, output) }) else {
      throw UsageError.overwritesInput(path: output)
    }
    if let from, isSameFile(from, output) { throw UsageError.overwritesModel(path: output) }
    try FileWriter.checkReplaceable(path: output)
    try watchOptions.check(files: inputs + [from].compactMap { $0 } + [output])
  }
}
