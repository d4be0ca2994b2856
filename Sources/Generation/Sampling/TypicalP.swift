import Glibc

/// Keeps the locally typical tokens: the fewest whose probabilities add up to at least a mass, those first whose
/// surprisal is closest to what is to be expected (Meister et al. 2023, "Locally typical sampling").
///
/// ```
/// H = -sum p_i log p_i        d_i = | -log p_i - H |
/// ```
///
/// Of equal d those of lower ids come first; d is compared as `Float`. The most likely token may go.
public struct TypicalP: Sendable, Equatable {
  /// Above 0, up to 1, which leaves all tokens.
  public let mass: Double

  public init(_ mass: Double) { self.mass = mass }

  public func apply(to candidates: inout TokenCandidates) {
    guard mass < 1 else { return }
    let entropy = candidates.entropy
    candidates.keep(mass: mass) { abs(-log($0) - entropy) }
  }
}
