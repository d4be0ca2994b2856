import Tokenization

/// One unit of a text and its score.
///
/// A unit is a scalar, a grapheme cluster, or, if the model's unit is the byte, the scalar that its
/// bytes spell.
public struct ScoredUnit: Sendable, Equatable {
  /// The unit in the normalized text.
  public let spelling: String
  /// The number of Unicode scalars in the unit.
  public let characterCount: Int
  /// Its part of the code length, `Tokenizer.unknownNats` included; the parts of all units add up
  /// to `EvaluationResult.nats`.
  public let nats: Double
  /// Whether it is missing from the vocabulary.
  public let isUnknown: Bool
  /// The tokens that the model found most likely at its position, the most likely one first; if the
  /// model's unit is the byte, those at the position of the first byte.
  public let candidates: [Candidate]

  /// Creates a unit with its score.
  public init(
    spelling: String, characterCount: Int, nats: Double, isUnknown: Bool = false,
    candidates: [Candidate] = []
  ) {
    self.spelling = spelling
    self.characterCount = characterCount
    self.nats = nats
    self.isUnknown = isUnknown
    self.candidates = candidates
  }
}

/// A token that might have come next.
public struct Candidate: Sendable, Equatable {
  /// The token.
  public let token: TokenID
  /// Its probability after all tokens before, from 0 to 1.
  public let probability: Double

  /// Creates a candidate.
  public init(token: TokenID, probability: Double) {
    self.token = token
    self.probability = probability
  }
}
