import Tokenization

/// What one unit of a text cost: a scalar, a grapheme cluster, or, where the model's unit is the byte,
/// the scalar that its bytes spell.
public struct ScoredUnit: Sendable, Equatable {
  /// The unit in the normalized text.
  public let spelling: String
  /// How many Unicode scalars it is.
  public let characterCount: Int
  /// Its part of the text's code length, the choice among all that is unknown included: the parts add up to
  /// `EvaluationResult.nats`.
  public let nats: Double
  /// Whether the vocabulary lacks it.
  public let isUnknown: Bool
  /// The tokens that the model held for the likeliest in its place, the likeliest first; those in place of
  /// the first byte, where the unit is the byte.
  public let candidates: [Candidate]

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
  public let token: TokenID
  public let probability: Double

  public init(token: TokenID, probability: Double) {
    self.token = token
    self.probability = probability
  }
}
