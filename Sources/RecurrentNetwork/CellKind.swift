/// The recurrent cells a network can be built of.
public enum CellKind: String, Sendable, Codable, CaseIterable {
  /// Long short-term memory: see `LSTMCell`.
  case lstm

  /// G, how many blocks of H rows the weights of one layer have.
  public var gateCount: Int {
    switch self {
    case .lstm: LSTMCell.gateCount
    }
  }

  /// How many vectors of H numbers a layer hands from one step to the next (for an LSTM h and c).
  public var stateVectorCount: Int {
    switch self {
    case .lstm: 2
    }
  }
}
