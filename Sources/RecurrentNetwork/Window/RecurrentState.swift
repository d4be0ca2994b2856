/// The recurrent state of one text: for each layer its state vectors (for an LSTM h, then c) of H
/// numbers. A small value that can be copied, stored and restored.
public struct RecurrentState: Sendable, Codable, Equatable {
  /// [layers x state vectors x H]
  public package(set) var values: [Float]

  /// The zero state, in which a text begins.
  public init(_ configuration: NetworkConfiguration) {
    let count = configuration.layerCount * configuration.cell.stateVectorCount
    values = Array(repeating: 0, count: count * configuration.hiddenSize)
  }

  /// Whether this state equals `other` up to rounding: no two numbers differ by more than
  ///
  /// ```
  /// 2^-16 max(1, |other's|)
  /// ```
  ///
  /// Two orders of the same sums lead to states up to 2^-17 apart in trained networks of 384 to
  /// 1,024 units. NaN agrees with nothing.
  package func agrees(with other: RecurrentState) -> Bool {
    zip(values, other.values).allSatisfy { abs($0 - $1) <= 0x1p-16 * max(1, abs($1)) }
  }
}
