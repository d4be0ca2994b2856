import ArgumentParser
import Evaluation
import Generation
import Kernels
import ModelFiles
import Tokenization

struct Generate: Command {
  static let configuration = CommandConfiguration(
    abstract: "Generate text with a model.",
    discussion: """
      Example: charlm generate novel.safetensors --prompt "It was" --length 500 --temperature 0.8

      The prompt and the text that follows it are printed as they grow, several samples when all are
      complete. The same seed gives the same text.

      With --adapt the model first takes on a text's style, by the steps of charlm evaluate --dynamic:
      charlm generate novel.safetensors --adapt letters.txt --prompt "Dear"
      """)

  @Argument(help: "The model file.")
  var model: String

  @Option(help: "The text to go on from.")
  var prompt: String?

  @Option(help: "A file with the text to go on from; '-' is standard input.")
  var promptFile: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Characters to generate.", valueName: "n"))
  var length = 500

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Below 1 likely characters become likelier, above 1 less so; 0 is always the most likely.",
      valueName: "x"))
  var temperature = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Choose among the n most likely characters only.", valueName: "n"))
  var topK: Int?

  @Option(help: "Decides the random choices. (default: another one each time)")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Samples to generate side by side, with the seeds SEED, SEED + 1 and so on.", valueName: "n"))
  var count = 1

  @Option(
    help: ArgumentHelp(
      "A text whose style the weights follow before anything is generated; '-' is standard input.",
      valueName: "file"))
  var adapt: String?

  @OptionGroup(title: "Adapting") var dynamics: DynamicOptions

  @Flag(help: "Make an unknown character of the prompt an error.")
  var strict = false

  @Flag(help: "Print one JSON object in place of the text.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    let settings = SamplerSettings(temperature: temperature, topK: topK)
    try settings.validate()
    guard count >= 1 else { throw UsageError.numberTooSmall(option: "--count", value: count) }
    let processor = try shared.processor()
    let model = try adaptedModel(processor)
    let prompt = try Prompt(promptText(), tokenizer: model.tokenizer, strict: strict)
    if let unknowns = prompt.unknowns {
      shared.note("charlm: the model does not know \(unknowns) of the prompt: replaced.")
    }
    // The seeds of one's own choosing are numbers that can be typed again.
    let seed = seed ?? UInt64.random(in: 0..<1_000_000)
    var generator = TextGenerator(model, processor: processor)
    let stopwatch = Stopwatch()
    let streams = count == 1 && !json
    if streams { try StandardOutput.write(prompt.text) }
    let results = try generator.generate(
      after: prompt, count: count, length: length, settings: settings, seed: seed
    ) { _, text in
      if streams { try StandardOutput.write(text) }
    }
    let seconds = stopwatch.seconds
    if json {
      for (number, result) in results.enumerated() {
        try printJSON(result, prompt: prompt, seed: seed &+ UInt64(number), seconds: seconds)
      }
    } else if !streams {
      for (number, result) in results.enumerated() {
        try StandardOutput.write(
          "--- sample \(number + 1) of \(count), seed \(seed &+ UInt64(number)) ---\n"
            + prompt.text + result.text + "\n")
      }
    } else if StandardOutput.isTerminal {
      try StandardOutput.write("\n")
    }
    if self.seed == nil { shared.note("charlm: --seed \(seed) gives this text again.") }
  }

  /// The model, its weights adapted where that was asked for.
  private func adaptedModel(_ processor: Processor) throws -> TextModel {
    guard let adapt else {
      guard !dynamics.isGiven else { throw UsageError.adaptingNotAsked(with: "--adapt") }
      return try TextModel(path: model, precision: weights.weights, processor: processor)
    }
    guard weights.weights == .float32 else {
      throw UsageError.adaptingNeedsFloat32(option: "--adapt")
    }
    guard adapt != "-" || promptFile != "-" else { throw UsageError.standardInputTwice }
    let model = try TextModel(path: model, processor: processor)
    let source = try TextSource.input(adapt)
    let adaptation = try dynamics.adaptation(
      of: model, invalidUTF8: encoding.invalidUTF8, shared: shared, processor: processor)
    return try model.adapted(
      to: source, settings: adaptation.settings, statistics: adaptation.statistics,
      invalidUTF8: encoding.invalidUTF8, processor: processor)
  }

  private func promptText() throws -> String {
    guard prompt == nil || promptFile == nil else { throw UsageError.severalPrompts }
    guard let promptFile else { return prompt ?? "" }
    return try TextSource.input(promptFile).wholeText(invalidUTF8: encoding.invalidUTF8)
  }

  /// - Parameter seconds: of all samples together.
  private func printJSON(
    _ result: GenerationResult, prompt: Prompt, seed: UInt64, seconds: Double
  ) throws {
    try JSONLine([
      ("text", result.text), ("prompt", prompt.text), ("seed", seed),
      ("tokens", result.tokens), ("seconds", seconds),
      ("characters_per_second", Double(length * count) / max(seconds, 1e-9)),
      ("finish_reason", result.finishReason.rawValue), ("nats_per_token", result.natsPerToken),
    ]).print()
  }
}
