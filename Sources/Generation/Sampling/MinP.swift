/// Keeps the tokens that are at least so likely in comparison with the most likely one: p_i >= fraction * max p
/// (Nguyen et al. 2024, "Turning up the heat: min-p sampling for creative and coherent LLM outputs").
public struct MinP: Sendable, Equatable {
  /// From 0, which leaves all tokens, to 1, which leaves the most likely ones.
  public let fraction: Double

  public init(_ fraction: Double) { self.fraction = fraction }

  public func apply(to candidates: inout TokenCandidates) {
    if fraction > 0 { candidates.keep(fractionOfGreatest: fraction) }
  }
}
