import Glibc

/// The code length of one or more texts, in total and per character, byte and word.
///
/// Results of several texts are added with `+=`. The ratios of an empty result are NaN.
public struct EvaluationResult: Sendable, Equatable, Codable {
  /// Unicode scalars after normalization, whatever the model's unit.
  public var characters: Int
  /// Bytes of the text as given.
  public var bytes: Int
  /// Words of the text as given, separated by white space as in Python's `str.split`.
  public var words: Int
  /// The number of scored tokens.
  public var tokens: Int
  /// Units that are not in the vocabulary.
  public var unknownCharacters: Int
  /// The code length of all texts, see `Evaluator`.
  public var nats: Double
  /// The part of `nats` due to unknown units: their tokens and `Tokenizer.unknownNats`.
  public var unknownNats: Double
  /// The distribution of `nats` over the text; empty while the text is still being read.
  public internal(set) var blocks = CodeLengthBlocks()

  /// A result of the given figures; by default an empty one.
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

  /// e^(nats / words); nil if there are no words, infinite if it exceeds the range of `Double`.
  public var perplexityPerWord: Double? { words == 0 ? nil : exp(nats / Double(words)) }

  /// The confidence interval of the nats per character; nil if the text is too short.
  ///
  /// It is computed again at each call.
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
