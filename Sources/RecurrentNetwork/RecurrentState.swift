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
}
