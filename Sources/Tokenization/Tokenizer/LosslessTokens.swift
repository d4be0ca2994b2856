/// The tokens of any bytes, and the literals that spell the unknown ones, in order: a single literal for each
/// unknown token, or, where the unit is the grapheme cluster, literals up to `EscapeSymbol.stop`.
package struct LosslessTokens: Sendable, Equatable {
  package var ids: [TokenID] = []
  package var literals: [UInt32] = []

  package init() {}

  package mutating func removeAll() {
    ids.removeAll(keepingCapacity: true)
    literals.removeAll(keepingCapacity: true)
  }
}
