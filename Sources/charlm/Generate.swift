import ArgumentParser
import Generation
import ModelFiles
import Tokenization

struct Generate: Command {
  static let configuration = CommandConfiguration(
    abstract: "Generate text with a model.",
    discussion: """
      Example: charlm generate novel.safetensors --prompt "It was" --length 500 --temperature 0.8

      The prompt and the text that follows it are printed as they grow, several samples when all are
      complete. The same seed gives the same text.
      """)

  @Argument(help: "The model file.")
  var model: String

  @Option(help: "The text to go on from.")
  var prompt: String?

  @Option(help: "A file with the text to go on from; '-' is standard input.")
  var promptFile: String?

  @Option(help: "Decides the random choices. (default: another one each time)")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Samples to generate side by side, with the seeds SEED, SEED + 1 and so on.", valueName: "n"))
  var count = 1

  @Flag(help: "Make an unknown character of the prompt an error.")
  var strict = false

  @Flag(help: "Print one JSON object in place of the text.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Choice of characters") var sampling: SamplingOptions
  @OptionGroup(title: "End of the text") var stopping: StoppingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    _ = try sampling.plainSettings()
    let criteria = try stopping.criteria()
    guard count >= 1 else { throw UsageError.numberTooSmall(option: "--count", value: count) }
    let processor = try shared.processor()
    let model = try TextModel(
      path: model, precision: weights.weights, processor: processor)
    let prompt = try Prompt(promptText(), tokenizer: model.tokenizer, strict: strict)
    if let unknowns = prompt.unknowns {
      shared.note("charlm: the model does not know \(unknowns) of the prompt: replaced.")
    }
    let settings = try sampling.settings(for: model.tokenizer)
    // The seeds of one's own choosing are numbers that can be typed again.
    let seed = seed ?? UInt64.random(in: 0..<1_000_000)
    var generator = TextGenerator(model, processor: processor)
    let stopwatch = Stopwatch()
    let streams = count == 1 && !json
    if streams { try StandardOutput.write(prompt.text) }
    let results = try generator.generate(
      after: prompt, count: count, until: criteria, settings: settings, seed: seed
    ) { _, text in
      if streams { try StandardOutput.write(text) }
    }
    let seconds = stopwatch.seconds
    if json {
      let speed = Double(results.reduce(0) { $0 + $1.characters }) / max(seconds, 1e-9)
      for (number, result) in results.enumerated() {
        try printJSON(
          result, prompt: prompt, seed: seed &+ UInt64(number), seconds: seconds, speed: speed)
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

  private func promptText() throws -> String {
    guard prompt == nil || promptFile == nil else { throw UsageError.severalPrompts }
    guard let promptFile else { return prompt ?? "" }
    return try TextSource.input(promptFile).wholeText(invalidUTF8: encoding.invalidUTF8)
  }

  /// - Parameters:
  ///   - seconds: of all samples together.
  ///   - speed: in characters per second, of all together.
  private func printJSON(
    _ result: GenerationResult, prompt: Prompt, seed: UInt64, seconds: Double, speed: Double
  ) throws {
    try JSONLine([
      ("text", result.text), ("prompt", prompt.text), ("seed", seed),
      ("tokens", result.tokens), ("seconds", seconds),
      ("characters_per_second", speed),
      ("finish_reason", result.finishReason.rawValue), ("nats_per_token", result.natsPerToken),
    ]).print()
  }
}
