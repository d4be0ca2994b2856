/// What a network remembers of the text so far: for each layer its state vectors (for an LSTM h, then c) of H
/// numbers. A small value that can be copied, stored and returned to.
public struct RecurrentState: Sendable, Codable, Equatable {
  /// [layers x state vectors x H]
  public package(set) var values: [Float]

  /// The state before any text: all zero.
  public init(_ configuration: NetworkConfiguration) {
    let count = configuration.layerCount * configuration.cell.stateVectorCount
    values = Array(repeating: 0, count: count * configuration.hiddenSize)
  }

  /// Whether this is the state that `other` is, but for rounding: no number is further away than
  ///
  /// ```
  /// 2^-16 max(1, |other's|)
  /// ```
  ///
  /// Two orders of the same sums lead to states up to 2^-17 apart in trained networks of 384 to 1,024 units.
  /// What is no number agrees with nothing.
  package func agrees(with other: RecurrentState) -> Bool {
    zip(values, other.values).allSatisfy { abs($0 - $1) <= 0x1p-16 * max(1, abs($1)) }
  }
}
