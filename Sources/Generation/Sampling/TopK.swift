/// Keeps the k most likely tokens, of equal logits those of lower ids (Fan, Lewis & Dauphin 2018,
/// "Hierarchical neural story generation").
public struct TopK: Sendable, Equatable {
  /// k, at least 1; no more tokens than there are.
  public let count: Int

  public init(_ count: Int) { self.count = count }

  public func apply(to candidates: inout TokenCandidates) { candidates.keep(mostLikely: count) }
}
