import RecurrentNetwork

extension ProcessorEngine {
  package func state() -> EngineState {
    var buffers: [EngineBuffer: SharedParameters] = [:]
    for kind in EngineBuffer.allCases {
      guard let source = start(of: kind) else { continue }
      let copy = ParameterBuffer(layout: parameters.layout)
      copy.start.update(from: source, count: copy.count)
      buffers[kind] = SharedParameters(copy)
    }
    return EngineState(
      updateCount: optimizer.stepCount, averageCount: optimizer.averageCount, buffers: buffers,
      carriedStates: pass.states)
  }

  package func restore(_ state: EngineState) {
    for kind in EngineBuffer.allCases {
      guard let target = start(of: kind) else { continue }
      guard let source = state.buffers[kind] else { preconditionFailure("the state lacks \(kind)") }
      target.update(from: source.values.start, count: parameters.count)
    }
    optimizer.restore(stepCount: state.updateCount, averageCount: state.averageCount)
    pass.states = state.carriedStates
  }

  /// The floats of one kind; nil if the settings need none.
  package func start(of kind: EngineBuffer) -> UnsafeMutablePointer<Float>? {
    kind == .parameters ? parameters.start : optimizer.start(of: kind)
  }
}
