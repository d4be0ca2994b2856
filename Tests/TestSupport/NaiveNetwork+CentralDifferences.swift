extension NaiveNetwork {
  /// dL/dparameters by central differences of `nats`, where L is the mean of the nats: what
  /// `gradients` must equal. The error is about 1e-9.
  package func centralDifferences(
    inputs: Tokens, targets: Tokens, state: State, masks: NaiveMasks = .none
  ) -> [Double] {
    var network = self
    func meanNats() -> Double {
      var state = state
      let nats = network.nats(inputs: inputs, targets: targets, state: &state, masks: masks)
        .joined()
      return nats.reduce(0, +) / Double(nats.count)
    }
    let step = 1e-5
    return parameters.indices.map { index in
      network.parameters[index] = parameters[index] + step
      let above = meanNats()
      network.parameters[index] = parameters[index] - step
      let below = meanNats()
      network.parameters[index] = parameters[index]
      return (above - below) / (2 * step)
    }
  }
}
