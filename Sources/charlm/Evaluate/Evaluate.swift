import ArgumentParser
import Evaluation
import ModelFiles
import Processes
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
        charlm evaluate a.safetensors other.txt --ensemble b.safetensors
        charlm evaluate novel.safetensors other.txt --dynamic --tune b.txt

      Every character, even the first one, is scored given all characters before it. Unknown \
      characters cost their full code length, so each figure is one to which the text could be \
      compressed. Each of several texts is scored from its beginning and gets its own line before \
      the figures of all texts. The 95 % interval is a bootstrap over blocks of 1,000 characters.

      With --dynamic, the weights adapt to each text: they learn only from what has just been \
      scored, never from what is still to come. The outputs for single characters then show these \
      weights.
      """)

  @OptionGroup var models: ModelOptions

  @Argument(
    help: ArgumentHelp("The texts; '-' is standard input.", valueName: "text"), completion: .file())
  var texts: [String]

  @Flag(name: .shortAndLong, help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print comma-separated values, a row for each text.")
  var csv = false

  @Flag(help: "Also score with weights that adapt to the text, and report both.")
  var dynamic = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Also score the texts with n-gram models and xz, both given the model's training text.",
      valueName: "training-text"), completion: .file())
  var baselines: [String] = []

  @OptionGroup(title: "Where the model fails") var details: EvaluationOutputOptions
  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Dynamic evaluation") var dynamics: DynamicOptions
  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    var command = self
    command.texts = try TextSource.files(texts)
    try command.evaluate()
  }

  private func evaluate() throws {
    try checkOptions()
    let processor = try shared.processor()
    let models = try models.models(weights, processor: processor)
    let tokenizer = models[0].tokenizer
    let sources = try texts.map { try TextSource.input($0) }
    // With fewer texts than processes, these share the blocks of each.
    let sharesTexts =
      !dynamic && !details.isGiven && sources.count >= ProcessGroup.current?.count ?? 1
    var evaluator = try Evaluator(
      models, processor: processor,
      makeScorer: sharesTexts ? nil : OtherProcesses.makeScorer(threads: shared.threads))
    let trainingSources = try baselines.map { try TextSource.input($0) }
    let tuningText = try dynamics.tuningText()
    try TextSource.checkDistinct(
      "--baselines", trainingSources, from: sources,
      remedy: "which is to be scored: give the text that the model was trained on")
    try TextSource.checkDistinct(
      "--tune", [tuningText].compactMap { $0 }, from: sources,
      remedy: "which is to be scored and must not choose the settings: tune on another text")
    if details.perCharacter != nil { Interruption.watch() }  // the unfinished table is removed
    let observers = try details.observers(tokenizer, title: title, textCount: texts.count)
    var report = try score(
      sources, observers: dynamic ? [] : observers.all, isShared: sharesTexts
    ) {
      try evaluator.evaluate(
        $0, invalidUTF8: encoding.invalidUTF8, observers: $1, progress: $2)
    }
    if dynamic {
      report = try scoreDynamically(
        sources, models: models, tunedOn: tuningText, observers: observers.all, beside: report,
        processor: processor)
    }
    try outputOptions.keepPrevious(details.perCharacter, shared: shared)
    try outputOptions.keepPrevious(details.html, shared: shared)
    try observers.finish(report)
    let comparison =
      try trainingSources.isEmpty
      ? nil
      : Baselines(
        training: trainingSources, texts: sources, models: report.models,
        tokenizer: tokenizer, invalidUTF8: encoding.invalidUTF8)
    let known = zip(self.models.paths, models).map { (name: $0, model: $1) }
    for note in try TextSource.notes(on: sources, trainedOnBy: known) { shared.note(note) }
    if json { return try report.json(comparison?.fields ?? []).print() }
    if csv { return try StandardOutput.write(report.csv) }
    try StandardOutput.write(report.table + (comparison?.table ?? ""))
    for note in (comparison?.notes ?? []) + report.notes { shared.note(note) }
  }

  private func checkOptions() throws {
    guard dynamic || !dynamics.isGiven else {
      throw UsageError.adaptingNotAsked(with: "--dynamic")
    }
    guard !dynamic || weights.weights == .float32 else {
      throw UsageError.adaptingNeedsFloat32(option: "--dynamic")
    }
    let files = texts + baselines + (dynamics.tune.map { [$0] } ?? [])
    guard files.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    try TextSource.checkNotModels(files)
    for (isGiven, option) in [(json, "--json"), (details.color, "--color")] where csv && isGiven {
      throw UsageError.excludes(option: "--csv", other: option)
    }
    try details.check(files: models.paths + files, printsJSON: json)
  }

  /// The title of the page.
  private var title: String {
    let names = [models.paths, texts].map { $0.joined(separator: ", ") }
    return "\(names[0]) on \(names[1])" + (dynamic ? ", weights following" : "")
  }

  /// Scores each text and shows the progress.
  /// - Parameters:
  ///   - isShared: whether other processes may score some of the texts; once in a command.
  ///   - evaluate: scores texts with the given observers and progress report, which gets the number
  ///     of the text.
  func score(
    _ sources: [TextSource], observers: [any ScoreObserver], isShared: Bool,
    _ evaluate: (
      [TextSource], [any ScoreObserver], (Int, EvaluationResult) throws -> Void
    ) throws -> [EvaluationResult]
  ) throws -> EvaluationReport {
    var progressLine = ProgressLine()
    var (characters, current) = (0, (number: 0, characters: 0))
    let stopwatch = Stopwatch()
    func results(_ numbers: Range<Int>) throws -> [EvaluationResult] {
      try evaluate(Array(sources[numbers]), observers) { number, result in
        try Interruption.check()
        if number > current.number { characters += current.characters }
        current = (number, result.characters)
        guard !shared.quiet, !details.color else { return }
        progressLine.update(seconds: stopwatch.seconds) {
          "\((characters + current.characters).grouped) characters"
        }
      }
    }
    // Observers see one text after the other.
    let scored =
      isShared && !details.isGiven
      ? try SharedWork.map(count: sources.count, results) : try results(sources.indices)
    progressLine.clear()
    return EvaluationReport(
      modelNames: models.paths, texts: zip(texts, scored).map { ($0, $1) },
      seconds: stopwatch.seconds)
  }
}
