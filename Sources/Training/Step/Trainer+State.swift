import RecurrentNetwork

extension Trainer {
  /// A copy of everything that the next step depends on.
  package func state() -> TrainerState {
    var buffers: [TrainerBuffer: SharedParameters] = [:]
    for kind in TrainerBuffer.allCases {
      guard let source = start(of: kind) else { continue }
      let copy = ParameterBuffer(layout: parameters.layout)
      copy.start.update(from: source, count: copy.count)
      buffers[kind] = SharedParameters(copy)
    }
    return TrainerState(
      position: TrainerState.Position(
        stepCount: stepCount, updateCount: optimizer.stepCount, lanePosition: windows.position,
        epochCount: windows.epochCount,
        averageCount: optimizer.averageCount == 0 ? nil : optimizer.averageCount),
      buffers: buffers, carriedStates: pass.states)
  }

  /// Resumes from `state`.
  /// - Precondition: `state` comes from a trainer with the same settings and text, or was checked
  ///   against them.
  package mutating func restore(_ state: TrainerState) {
    for kind in TrainerBuffer.allCases {
      guard let target = start(of: kind) else { continue }
      guard let source = state.buffers[kind] else { preconditionFailure("the state lacks \(kind)") }
      target.update(from: source.values.start, count: parameters.count)
    }
    stepCount = state.position.stepCount
    optimizer.restore(
      stepCount: state.position.updateCount, averageCount: state.position.averageCount ?? 0)
    windows.move(to: state.position.lanePosition, epochCount: state.position.epochCount)
    pass.states = state.carriedStates
  }

  /// The floats of one kind; nil if the settings need none.
  package func start(of kind: TrainerBuffer) -> UnsafeMutablePointer<Float>? {
    kind == .parameters ? parameters.start : optimizer.start(of: kind)
  }
}
