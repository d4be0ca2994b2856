import RecurrentNetwork

extension NaiveNetwork {
  /// The vectors of `CellKind.tracedVectors` after each token of one text,
  /// [T][layers][vectors][H].
  /// - Parameter state: the state before the text, of one row; by default zero.
  public func trace(_ tokens: [Int], from state: State? = nil) -> [[[[Double]]]] {
    var state = state ?? zeroState(batchSize: 1)
    let layers = recurrentLayers(.none)
    return run(tokens.map { [$0] }, state: &state, masks: .none).map { rows in
      zip(layers, rows[0]).map { layer, step in
        let computed = step.layer
        let gates = layer.cell.gates(
          inputSums: computed.inputSums, recurrentSums: computed.recurrentSums,
          previous: computed.previous)
        let states = [computed.next.hidden, computed.next.cell]
        return states.prefix(configuration.cell.stateVectorCount) + gates
      }
    }
  }
}
