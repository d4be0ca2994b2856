/// The recurrent cells a network can be built of.
public enum CellKind: String, Sendable, Codable, CaseIterable {
  /// Long short-term memory: see `LSTMCell`.
  case lstm
  /// The gated recurrent unit: see `GRUCell`.
  case gru
  /// The simple recurrent network: see `ElmanCell`.
  case rnn

  /// G, how many blocks of H rows the weights of one layer have.
  public var gateCount: Int { cell(activation: nil).gateCount }

  /// How many vectors of H numbers a layer hands from one step to the next (for an LSTM h and c).
  public var stateVectorCount: Int { cell(activation: nil).stateVectorCount }

  /// The only place where kinds of cells are told separate.
  /// - Parameter activation: of a simple recurrent network; tanh where nil.
  func cell(activation: Activation?) -> any RecurrentCell {
    switch self {
    case .lstm: LSTMCell()
    case .gru: GRUCell()
    case .rnn: ElmanCell(activation: activation ?? .tanh)
    }
  }
}
