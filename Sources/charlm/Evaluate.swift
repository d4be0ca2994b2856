import ArgumentParser
import Evaluation
import ModelFiles
import Tokenization

struct Evaluate: Command {
  static let configuration = CommandConfiguration(
    abstract: "Measure how well a model predicts texts.",
    discussion: """
      Examples:
        charlm evaluate novel.safetensors other.txt
        charlm evaluate novel.safetensors other.txt --color | less -R
        charlm evaluate novel.safetensors other.txt --html other.html
        charlm evaluate novel.safetensors other.txt --baselines novel.txt

      Every character is scored in order, the first one too, and what the model does not know costs
      its full code length: each figure is one at which the text could be written down. Several
      texts are scored each from its beginning, and get a line each before the figures of all
      together. The 95 % interval comes from drawing blocks of 1,000 characters anew (bootstrap).
      """)

  @Argument(help: "The model file.")
  var model: String

  @Argument(help: "The texts; '-' is standard input.")
  var texts: [String]

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Also score the texts with n-grams that know these texts, the model's training text, and with xz.",
      valueName: "training-text"))
  var baselines: [String] = []

  @OptionGroup(title: "Where the model fails") var details: DetailOptions
  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    try details.check(files: [model] + texts + baselines, printsJSON: json)
    let processor = try shared.processor()
    let model = try TextModel(
      path: model, precision: weights.weights, processor: processor)
    let tokenizer = model.tokenizer
    guard (texts + baselines).count(where: { $0 == "-" }) <= 1 else {
      throw UsageError.standardInputTwice
    }
    let sources = try texts.map { try TextSource.input($0) }
    let trainingSources = try baselines.map { try TextSource.input($0) }
    let observers = try details.observers(
      tokenizer, title: "\(self.model) on \(texts.joined(separator: ", "))", textCount: texts.count)
    var evaluator = Evaluator(model, processor: processor)
    var progressLine = ProgressLine()
    var results: [(name: String, result: EvaluationResult)] = []
    var characters = 0
    let stopwatch = Stopwatch()
    for (name, source) in zip(texts, sources) {
      let result = try evaluator.evaluate(
        source, invalidUTF8: encoding.invalidUTF8, observers: observers.all
      ) { result in
        guard !shared.quiet, !details.color else { return }
        progressLine.update(seconds: stopwatch.seconds) {
          "\((characters + result.characters).grouped) characters"
        }
      }
      characters += result.characters
      results.append((name, result))
    }
    progressLine.clear()
    let report = EvaluationReport(texts: results, seconds: stopwatch.seconds)
    try observers.finish(report)
    let comparison =
      try trainingSources.isEmpty
      ? nil
      : Baselines(
        training: trainingSources, texts: sources, total: report.total, tokenizer: tokenizer,
        invalidUTF8: encoding.invalidUTF8)
    if json { return try report.json(comparison?.fields ?? []).print() }
    try StandardOutput.write(report.table + (comparison?.table ?? ""))
    for note in comparison?.notes ?? [] { shared.note(note) }
    shared.note("\(Int(report.charactersPerSecond).grouped) characters/s")
  }
}
