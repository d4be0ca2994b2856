import RecurrentNetwork

extension NaiveNetwork {
  /// The states and gates after each token of one text, [T][layers], each vector of H numbers.
  /// - Parameter state: the state before the text, of one row; by default zero.
  package func trace(_ tokens: [Int], from state: State? = nil) -> [[[TracedVector: [Double]]]] {
    var state = state ?? zeroState(batchSize: 1)
    let layers = recurrentLayers(.none)
    return run(tokens.map { [$0] }, state: &state, masks: .none).map { rows in
      zip(layers, rows[0]).map { layer, step in
        let computed = step.layer
        var vectors = layer.cell.gates(
          inputSums: computed.inputSums, recurrentSums: computed.recurrentSums,
          previous: computed.previous)
        vectors[.hidden] = computed.next.hidden
        if configuration.cell.stateVectorCount > 1 { vectors[.cell] = computed.next.cell }
        return vectors
      }
    }
  }
}
