import RecurrentNetwork

extension NaiveNetwork {
  /// The vectors of `CellKind.tracedVectors` after each token of one text that begins in a zero
  /// state, [T][layers][vectors][H].
  public func trace(_ tokens: [Int]) -> [[[[Double]]]] {
    var state = zeroState(batchSize: 1)
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
