import ArgumentParser
import Evaluation
import ModelFiles
import Tokenization

struct Evaluate: Command {
  static let configuration = CommandConfiguration(
    abstract: "Measure how well a model predicts texts.",
    discussion: """
      Example: charlm evaluate novel.safetensors other.txt

      Every character is scored in order, the first one too, and what the model does not know costs
      its full code length: each figure is one at which the text could be written down. Several
      texts are scored each from its beginning; the figures are those of all together.

      With --dynamic the weights follow each text, by what has just been scored and never by what is
      still to come: charlm evaluate novel.safetensors other.txt --dynamic --tune third.txt
      """)

  @Argument(help: "The model file.")
  var model: String

  @Argument(help: "The texts; '-' is standard input.")
  var texts: [String]

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Let the weights follow the text, and tell the figures of that beside the others.")
  var dynamic = false

  @OptionGroup(title: "Dynamic evaluation") var dynamics: DynamicOptions
  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    guard dynamic || !dynamics.isGiven else {
      throw UsageError.adaptingNotAsked(with: "--dynamic")
    }
    guard !dynamic || weights.weights == .float32 else {
      throw UsageError.adaptingNeedsFloat32(option: "--dynamic")
    }
    let processor = try shared.processor()
    let model = try TextModel(
      path: model, precision: weights.weights, processor: processor)
    guard texts.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    let sources = try texts.map { try TextSource.input($0) }
    var evaluator = Evaluator(model, processor: processor)
    var progressLine = ProgressLine()
    var total = EvaluationResult()
    let stopwatch = Stopwatch()
    for source in sources {
      total += try evaluator.evaluate(source, invalidUTF8: encoding.invalidUTF8) { result in
        guard !shared.quiet else { return }
        progressLine.update(seconds: stopwatch.seconds) {
          "\((total.characters + result.characters).grouped) characters"
        }
      }
    }
    progressLine.clear()
    if dynamic {
      return try evaluateDynamically(sources, model: model, beside: total, processor: processor)
    }
    try print(total, seconds: stopwatch.seconds)
  }

  private func print(_ result: EvaluationResult, seconds: Double) throws {
    let speed = Double(result.characters) / max(seconds, 1e-9)
    if json {
      return try JSONLine(Self.fields(result, seconds: seconds, isDynamic: false)).print()
    }
    try StandardOutput.write(table(Self.rows(result).map { ($0.name, $0.text) }))
    shared.note("\(Int(speed).grouped) characters/s")
  }

  /// The contract's fields.
  static func fields(
    _ result: EvaluationResult, seconds: Double, isDynamic: Bool
  ) -> [(name: String, value: (any Encodable)?)] {
    [
      ("characters", result.characters), ("bytes", result.bytes), ("words", result.words),
      ("tokens", result.tokens), ("unknown_characters", result.unknownCharacters),
      ("nats", result.nats), ("nats_per_character", finite(result.natsPerCharacter)),
      ("bits_per_character", finite(result.bitsPerCharacter)),
      ("bits_per_byte", result.bitsPerByte),
      ("perplexity_per_character", finite(result.perplexityPerCharacter)),
      ("perplexity_per_byte", finite(result.perplexityPerByte)),
      ("perplexity_per_word", result.perplexityPerWord.flatMap(finite)),
      ("seconds", seconds),
      ("characters_per_second", Double(result.characters) / max(seconds, 1e-9)),
      ("dynamic", isDynamic),
    ]
  }

  /// The table's rows; `isCount` marks those that no model has a part in.
  static func rows(
    _ result: EvaluationResult
  ) -> [(name: String, text: String, isCount: Bool)] {
    [
      ("characters", result.characters.grouped, true),
      ("bytes", result.bytes.grouped, true),
      ("words", result.words.grouped, true),
      ("unknown characters", result.unknownCharacters.grouped, true),
      ("nats per character", result.natsPerCharacter.fixed(4), false),
      ("bits per character", result.bitsPerCharacter.fixed(4), false),
      ("bits per byte", result.bitsPerByte.fixed(4), false),
      ("perplexity per character", result.perplexityPerCharacter.fixed(4), false),
      ("perplexity per byte", result.perplexityPerByte.fixed(4), false),
      ("perplexity per word", perplexityPerWord(result), false),
    ]
  }

  private static func perplexityPerWord(_ result: EvaluationResult) -> String {
    guard let perplexity = result.perplexityPerWord else { return "no words" }
    return perplexity.isFinite ? perplexity.fixed(1) : "too large for a number"
  }

  /// JSON has no infinity: a perplexity too large for a number is null.
  private static func finite(_ value: Double) -> Double? {
    value.isFinite ? value : nil
  }
}
