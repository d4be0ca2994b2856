import Tokenization

/// Makes tokens less likely that stand in the last part of the text.
///
/// With n how often a token stands there, and l its logit, where n > 0:
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
  /// The same for each time that a token is there.
  public var frequency: Double

  /// None, unless told otherwise.
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
