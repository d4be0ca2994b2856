import Glibc
import Tokenization

/// Keeps the surprise of a text near a target, by dropping more or fewer of the unlikely tokens:
/// version 2 of Basu et al. 2021, "Mirostat: a neural text decoding algorithm that directly
/// controls perplexity".
///
/// ```
/// keep the tokens with -log2 p_i <= m, or else the most likely one
/// draw one; q being its probability among those that were kept
/// m <- m - rate * (-log2 q - target)
/// ```
///
/// The bound m begins at twice the target. It belongs to one text.
public struct Mirostat: Sendable, Equatable {
  /// The surprise to hold, in bits per token.
  public let target: Double
  /// How fast the bound follows.
  public let rate: Double
  /// m, in bits.
  public private(set) var bound: Double

  /// The bounds of `target` and `rate`: no vocabulary has tokens of more bits at a uniform choice.
  package static let targets = 0.0...16.0
  package static let rates = 0.0...1.0

  /// The rate of the paper.
  public static let defaultRate = 0.1

  /// Creates a sampler for a new text, whose bound is twice the target, as in the paper.
  public init(target: Double, rate: Double = defaultRate) {
    self.target = target
    self.rate = rate
    bound = 2 * target
  }

  /// Keeps the candidates whose surprise is within the bound, or the likeliest one.
  public func apply(to candidates: inout TokenCandidates) {
    candidates.keep(probabilityFrom: exp2(-bound))
  }

  /// Updates the bound after a token was drawn.
  public mutating func observe(_ token: TokenID, of candidates: borrowing TokenCandidates) {
    let surprise = -log2(candidates.probability(of: token))
    bound -= rate * (surprise - target)
  }
}
