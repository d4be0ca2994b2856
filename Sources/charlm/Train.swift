import ArgumentParser
import Storage
import Tokenization
import Training

struct Train: Command {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on text files.",
    discussion: """
      Example: charlm train novel.txt --output novel.safetensors --minutes 5

      The last tenth of the text is kept for validation, and the weights that predict it best are
      saved. With --json, events are printed on standard output, one JSON object a line.
      """)

  @Argument(help: "The texts, UTF-8; '-' is standard input.")
  var texts: [String]

  @Option(help: "The model file to write.")
  var output: String

  @Flag(help: "Print events as JSON lines on standard output.")
  var json = false

  @OptionGroup(title: "Tokenizer") var tokenizerOptions: TokenizerOptions
  @OptionGroup(title: "Model") var networkOptions: NetworkOptions
  @OptionGroup(title: "Initial weights") var initializationOptions: InitializationOptions
  @OptionGroup(title: "Training") var trainingOptions: TrainingOptions
  @OptionGroup(title: "Optimizer") var optimizerOptions: OptimizerOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    var configuration = try trainingOptions.configuration(optimizerOptions)
    initializationOptions.apply(to: &configuration)
    try configuration.validate(for: networkOptions.cell)
    try networkOptions.configuration(vocabularySize: 1).validate()
    let processor = try shared.processor()
    try checkOutput()
    let (tokenizer, tokens, validationTokens) = try tokenize()
    let run = try TrainingRun(
      tokens: tokens, name: textName, tokenizer: tokenizer,
      network: networkOptions.configuration(vocabularySize: tokenizer.vocabularySize),
      configuration: configuration, validationTokens: validationTokens, processor: processor)
    var reporter = TrainingReporter(
      output: output, tokenizer: tokenizer, printsJSON: json, isQuiet: shared.quiet)
    let result = try run.run { try reporter.report($0) }
    try reporter.finish(result)
  }

  private var textName: String { texts.count == 1 ? "'\(texts[0])'" : "The text" }

  /// Reads the texts: once for the vocabulary, once for the tokens.
  private func tokenize() throws -> (Tokenizer, TokenFile, TokenFile?) {
    let invalidUTF8 = tokenizerOptions.encoding.invalidUTF8
    let sources = try texts.map { try TextSource.argument($0, spoolingBeside: output) }
    let validationSource = try trainingOptions.validationFile.map {
      try TextSource.argument($0, spoolingBeside: output)
    }
    let tokenizer = try Tokenizer.fit(
      sources, configuration: tokenizerOptions.configuration, invalidUTF8: invalidUTF8)
    func tokens(_ sources: [TextSource]) throws -> TokenFile {
      try TokenFile.write(
        sources, tokenizer: tokenizer, invalidUTF8: invalidUTF8, beside: output)
    }
    return try (tokenizer, tokens(sources), validationSource.map { try tokens([$0]) })
  }

  /// Finds out before any work whether the model can be written, and that no text is written over.
  private func checkOutput() throws {
    let inputs = texts + [trainingOptions.validationFile].compactMap { $0 }
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    guard !inputs.contains(where: { isSameFile($0, output) }) else {
      throw UsageError.overwritesInput(path: output)
    }
    try FileWriter.checkReplaceable(path: output)
  }
}
