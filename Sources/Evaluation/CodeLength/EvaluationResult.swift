import Glibc

/// The code length of one or more texts, and what it comes to for each character, byte and word.
///
/// Results of several texts add up with `+=`. Of nothing at all the computed figures are not
/// numbers.
public struct EvaluationResult: Sendable, Equatable {
  /// Unicode scalars after normalization, whatever the model's unit.
  public var characters: Int
  /// Bytes of the text as given.
  public var bytes: Int
  /// Words of the text as given: what white space separates, as `str.split` of Python has it.
  public var words: Int
  /// Tokens that were scored.
  public var tokens: Int
  /// Units that the vocabulary does not know.
  public var unknownCharacters: Int
  /// The code length of it all, see `Evaluator`.
  public var nats: Double
  /// The part of `nats` that the unknown units cost: their tokens, and the choices among what is unknown.
  public var unknownNats: Double
  /// How `nats` is spread over the text; empty while it is still being read.
  public internal(set) var blocks = CodeLengthBlocks()

  /// Nothing yet, unless told otherwise.
  public init(
    characters: Int = 0, bytes: Int = 0, words: Int = 0, tokens: Int = 0,
    unknownCharacters: Int = 0, nats: Double = 0, unknownNats: Double = 0
  ) {
    self.characters = characters
    self.bytes = bytes
    self.words = words
    self.tokens = tokens
    self.unknownCharacters = unknownCharacters
    self.nats = nats
    self.unknownNats = unknownNats
  }

  /// nats / characters
  public var natsPerCharacter: Double { nats / Double(characters) }

  /// nats / (characters log 2)
  public var bitsPerCharacter: Double { natsPerCharacter / log(2) }

  /// nats / (bytes log 2): comparable between models of any unit and normalization, and with
  /// compressors.
  public var bitsPerByte: Double { nats / Double(bytes) / log(2) }

  /// e^(nats / characters)
  public var perplexityPerCharacter: Double { exp(natsPerCharacter) }

  /// e^(nats / bytes)
  public var perplexityPerByte: Double { exp(nats / Double(bytes)) }

  /// e^(nats / words): nil where there are no words, infinite where words are so long that it is
  /// more than a `Double` holds.
  public var perplexityPerWord: Double? { words == 0 ? nil : exp(nats / Double(words)) }

  /// How far the nats per character can be trusted; nil for a text that is too short to tell.
  ///
  /// It is drawn anew at each call.
  public func confidenceInterval() -> ConfidenceInterval? { ConfidenceInterval(blocks) }

  /// Adds another text's figures.
  public static func += (total: inout EvaluationResult, text: EvaluationResult) {
    total.characters += text.characters
    total.bytes += text.bytes
    total.words += text.words
    total.tokens += text.tokens
    total.unknownCharacters += text.unknownCharacters
    total.nats += text.nats
    total.unknownNats += text.unknownNats
    total.blocks += text.blocks
  }
}
