import ArgumentParser
import Evaluation
import Generation
import Kernels
import ModelFiles
import Tokenization

/// `charlm diagnose memorization`: compares a model's text with the corpus that it was trained on.
struct DiagnoseMemorization: Command {
  static let configuration = CommandConfiguration(
    commandName: "memorization",
    abstract: "Show how much a model copies from its corpus.",
    discussion: """
      Examples:
        charlm diagnose memorization a.safetensors a.txt --compare b.txt
        charlm diagnose memorization a.safetensors a.txt --text sample.txt

      The model generates a text, and the table shows the share of its n-grams (sequences of n \
      characters) that do not occur in the corpus. The longest sequences that do occur are listed \
      below it, with their positions. To see what is usual, give a text of the same kind that the \
      model never saw with --compare.
      """,
    aliases: ["memorisation"])

  @Argument(help: ModelOptions.help, completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: "The texts that the model was trained on; '-' is standard input.", completion: .file())
  var corpora: [String]

  @Option(
    help: ArgumentHelp(
      "Examine this text instead of a generated one.", valueName: "file"), completion: .file())
  var text: String?

  @Option(
    help: ArgumentHelp(
      "A text that the model never saw, shown in a second column.", valueName: "file"),
    completion: .file())
  var compare: String?

  @Option(
    name: [.customShort("n"), .long],
    parsing: .unconditional,
    help: ArgumentHelp("Number of characters to generate. (default: 10,000)", valueName: "n"))
  var length: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of samples to generate, each of that length. (default: 1)", valueName: "n"))
  var count: Int?

  @Option(name: .shortAndLong, help: "Random seed. (default: a new one each time)")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of the longest copies to show.", valueName: "n"))
  var copies = 5

  @Flag(name: .shortAndLong, help: "Print one JSON object, with the n-grams of all lengths.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Choice of characters") var sampling: SamplingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  private static let defaultLength = 10_000

  func execute() throws {
    let settings = try check()
    let processor = try shared.processor()
    let corpus = try corpora.map { try TextSource.input($0) }
    let comparison = try compare.map { try TextSource.input($0) }
    let given = try text.map { try TextSource.input($0) }
    let model = try TextModel(model: model, precision: weights.weights, processor: processor)
    let seed = seed ?? Generate.randomSeed()
    let parts =
      try given.map { [$0] }
      ?? generate(model, settings: settings, seed: seed, processor: processor)
    var columns = [
      try column(
        parts, of: given == nil ? "generated" : "text",
        name: given.map { "'\($0.name)'" } ?? "the generated text", model.tokenizer, corpus)
    ]
    if let comparison {
      columns.append(
        try column(
          [comparison], of: "compared", name: "'\(comparison.name)'", model.tokenizer, corpus))
    }
    let report = MemorizationReport(
      columns: columns, unit: model.tokenizer.configuration.unit)
    try report.print(seed: given == nil ? seed : nil, asJSON: json)
    if given == nil, self.seed == nil {
      shared.note("charlm: --seed \(seed) gives these figures again.")
    }
  }

  /// Checks the options that need no model.
  /// - Throws: `UsageError` or `GenerationSettingsError`.
  private func check() throws -> SamplerSettings {
    for (option, value) in [("--length", length), ("--count", count), ("--copies", copies)] {
      guard let value, value < 1 else { continue }
      throw UsageError.numberTooSmall(option: option, value: value)
    }
    if let count, count > SearchOptions.largest {
      throw UsageError.numberOutOfRange(
        option: "--count", value: count, range: 1...SearchOptions.largest)
    }
    if text != nil {
      let others = [
        length.map { _ in "--length" }, count.map { _ in "--count" }, seed.map { _ in "--seed" },
        sampling.optionOfChance, sampling.ban.first.map { _ in "--ban" },
      ]
      if let other = others.compactMap(\.self).first {
        throw UsageError.excludes(option: "--text", other: other)
      }
    }
    let settings = try sampling.plainSettings()
    let inputs = corpora + [text, compare].compactMap(\.self)
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    return settings
  }

  /// Texts that the model generates from an empty prompt.
  private func generate(
    _ model: TextModel, settings: SamplerSettings, seed: UInt64, processor: Processor
  ) throws -> [TextSource] {
    var generator = TextGenerator(model, processor: processor)
    let settings = try sampling.settings(settings, for: model.tokenizer)
    let results = try SharedWork.map(count: count ?? 1, seed: seed) { samples in
      try generator.generate(
        after: Prompt("", tokenizer: model.tokenizer), count: samples.count,
        until: StoppingCriteria(length: length ?? Self.defaultLength), settings: settings,
        seed: seed &+ UInt64(samples.lowerBound))
    }
    return results.map { .text($0.text, name: "the generated text") }
  }

  /// Compares a text with the corpus.
  /// - Throws: `MemorizationError`, or the errors of reading.
  private func column(
    _ parts: [TextSource], of label: String, name: String, _ tokenizer: Tokenizer,
    _ corpus: [TextSource]
  ) throws -> MemorizationColumn {
    var matcher = try CorpusMatcher(
      parts, tokenizer: tokenizer, invalidUTF8: encoding.invalidUTF8)
    guard matcher.tokens >= MemorizationColumn.lengths.lowerBound else {
      throw MemorizationError.tooShort(
        text: name, characterCount: matcher.tokens,
        ngramLength: MemorizationColumn.lengths.lowerBound)
    }
    var progressLine = ProgressLine()
    let stopwatch = Stopwatch()
    for source in corpus {
      let before = matcher.corpusTokens
      try matcher.read(source, invalidUTF8: encoding.invalidUTF8) { tokens in
        guard !shared.quiet else { return }
        progressLine.update(seconds: stopwatch.seconds) {
          "\((before + tokens).grouped) characters of the corpus"
        }
      }
    }
    progressLine.clear()
    guard matcher.corpusTokens > 0 else {
      throw MemorizationError.emptyCorpus(name: corpus[0].name)
    }
    return MemorizationColumn(label: label, name: name, matcher: matcher, copyCount: copies)
  }
}
