import RecurrentNetwork

extension ProcessorEngine {
  package func state() -> EngineState { state(carriedStates: states(after: 0)) }

  /// - Parameter carriedStates: of all lanes.
  func state(carriedStates: [RecurrentState]) -> EngineState {
    var buffers: [EngineBuffer: SharedParameters] = [:]
    for kind in EngineBuffer.allCases {
      guard let source = start(of: kind) else { continue }
      let copy = ParameterBuffer(layout: parameters.layout)
      copy.start.update(from: source, count: copy.count)
      buffers[kind] = SharedParameters(copy)
    }
    return EngineState(
      updateCount: optimizer.stepCount, averageCount: optimizer.averageCount, buffers: buffers,
      carriedStates: carriedStates)
  }

  /// The states of its lanes after `stepCount` steps of the last window (0: before it).
  package func states(after stepCount: Int) -> [RecurrentState] {
    passes.flatMap { $0.pass.states(after: stepCount) }
  }

  /// Replaces the states of its lanes.
  package func setStates(_ states: [RecurrentState], after stepCount: Int) {
    var rest = states[...]
    for shard in passes {
      shard.pass.setStates(Array(rest.prefix(shard.laneCount)), after: stepCount)
      rest = rest.dropFirst(shard.laneCount)
    }
  }

  package func restore(_ state: EngineState) {
    restore(state, lanes: 0..<state.carriedStates.count)
  }

  /// - Parameter lanes: those of its shards.
  func restore(_ state: EngineState, lanes: Range<Int>) {
    for kind in EngineBuffer.allCases {
      guard let target = start(of: kind) else { continue }
      guard let source = state.buffers[kind] else { preconditionFailure("the state lacks \(kind)") }
      target.update(from: source.values.start, count: parameters.count)
    }
    optimizer.restore(stepCount: state.updateCount, averageCount: state.averageCount)
    setStates(Array(state.carriedStates[lanes]), after: 0)
  }

  /// The floats of one kind; nil if the settings need none.
  package func start(of kind: EngineBuffer) -> UnsafeMutablePointer<Float>? {
    kind == .parameters ? parameters.start : optimizer.start(of: kind)
  }
}
