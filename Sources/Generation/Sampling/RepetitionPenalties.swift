import Tokenization

/// Makes tokens less likely that occur in the last part of the text.
///
/// With n the number of occurrences of a token, and l its logit, if n > 0:
///
/// ```
/// l <- l / repetition   where l > 0
/// l <- l * repetition   where l <= 0     (Keskar et al. 2019, "CTRL")
/// l <- l - presence - frequency * n
/// ```
public struct RepetitionPenalties: Sendable, Equatable {
  /// Above 1 less repetition, below 1 more.
  public var repetition: Double
  /// Above 0 less repetition, below 0 more.
  public var presence: Double
  /// The same for each occurrence of a token.
  public var frequency: Double

  /// Creates penalties; by default none.
  public init(repetition: Double = 1, presence: Double = 0, frequency: Double = 0) {
    self.repetition = repetition
    self.presence = presence
    self.frequency = frequency
  }

  var isNone: Bool { self == RepetitionPenalties() }

  /// - Precondition: there is a logit for each token of `recent`.
  public func apply(to logits: inout [Float], after recent: RecentTokens) {
    for (token, count) in recent.counts {
      var logit = Double(logits[Int(token)])
      logit = logit > 0 ? logit / repetition : logit * repetition
      logit -= presence + frequency * Double(count)
      logits[Int(token)] = Float(logit)
    }
  }
}
