/// Keeps the nucleus: the fewest most likely tokens whose probabilities add up to at least p (Holtzman et al.
/// 2020, "The curious case of neural text degeneration"); of equal ones those of lower ids.
public struct TopP: Sendable, Equatable {
  /// p, from 0, which leaves the most likely token, to 1, which leaves all.
  public let mass: Double

  public init(_ mass: Double) { self.mass = mass }

  public func apply(to candidates: inout TokenCandidates) {
    if mass < 1 { candidates.keepMostLikely(mass: mass) }
  }
}
