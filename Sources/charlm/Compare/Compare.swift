import ArgumentParser
import Evaluation
import ModelFiles
import Tokenization

struct Compare: Command {
  static let configuration = CommandConfiguration(
    abstract: "Compare models on the same texts.",
    discussion: """
      Example: charlm compare one.safetensors two.safetensors --text other.txt

      Prints a row for each model, with its difference from the best one in nats per character. A \
      passage that is hard for one model is hard for the other, so the difference is much more \
      certain than either figure. Its standard error is that of blocks of 1,000 characters, \
      because neighboring characters are hard or easy together. A difference of at most two \
      standard errors is no difference.

      The models may have different units and vocabularies, but must normalize the texts alike.
      """)

  @Argument(help: "Two or more model files.", completion: .file(extensions: ["safetensors"]))
  var models: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The texts; '-' is standard input.", valueName: "file"), completion: .file())
  var text: [String]

  @Flag(name: .shortAndLong, help: "Print one JSON object, with the differences of all pairs.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func validate() throws {
    guard models.count > 1 else {
      throw ValidationError("Give two or more model files, and the texts with --text.")
    }
  }

  func execute() throws {
    let texts = try TextSource.files(text)
    guard texts.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    try TextSource.checkNotModels(texts)
    let processor = try shared.processor()
    let models = try models.map {
      try TextModel(model: $0, precision: weights.weights, processor: processor)
    }
    let sources = try texts.map { try TextSource.input($0) }
    var progressLine = ProgressLine()
    let stopwatch = Stopwatch()
    let comparison = try SeveralModelsError.naming(self.models) {
      try ModelComparison(
        models, on: sources, invalidUTF8: encoding.invalidUTF8, processor: processor,
        makeScorer: OtherProcesses.makeScorer(threads: shared.threads)
      ) { model, result in
        guard !shared.quiet else { return }
        progressLine.update(seconds: stopwatch.seconds) {
          "model \(model + 1) of \(models.count): \(result.characters.grouped) characters"
        }
      }
    }
    progressLine.clear()
    let known = zip(self.models, models).map { (name: $0, model: $1) }
    for note in try TextSource.notes(on: sources, trainedOnBy: known) { shared.note(note) }
    let haveSameTokens = models.count == 2 && models[0].tokenizer == models[1].tokenizer
    let function =
      haveSameTokens
      ? try FunctionDifference(
        models[0], models[1], on: sources[0], invalidUTF8: encoding.invalidUTF8,
        processor: processor) : nil
    let report = ComparisonReport(
      modelNames: self.models, comparison: comparison, function: function)
    if json { return try report.json.print() }
    try StandardOutput.write(report.table)
    shared.note(report.note)
  }
}
