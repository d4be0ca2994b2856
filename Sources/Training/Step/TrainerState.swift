import RecurrentNetwork

/// A copy of everything that a trainer's next step depends on, besides its settings and its text.
/// With it, another trainer with the same settings and text gives the same bits.
///
/// Random numbers have no state: each step derives them from the seed and the step's number.
package struct TrainerState: Sendable {
  /// The counts of a state, as files have them.
  package struct Position: Sendable, Codable, Equatable {
    /// Steps completed or skipped.
    package var stepCount: Int
    /// Updates of the weights: completed steps.
    package var updateCount: Int
    /// Tokens of each lane that the epoch has passed.
    package var lanePosition: Int
    /// Complete epochs.
    package var epochCount: Int
    /// Updates in the average of the last part; nil for none.
    package var averageCount: Int?
  }

  let stepCount, lanePosition, epochCount: Int
  package let engine: EngineState

  package var position: Position {
    Position(
      stepCount: stepCount, updateCount: engine.updateCount, lanePosition: lanePosition,
      epochCount: epochCount, averageCount: engine.averageCount == 0 ? nil : engine.averageCount)
  }
}

extension TrainerState {
  init(
    _ position: Position, buffers: [EngineBuffer: SharedParameters],
    carriedStates: [RecurrentState]
  ) {
    self.init(
      stepCount: position.stepCount, lanePosition: position.lanePosition,
      epochCount: position.epochCount,
      engine: EngineState(
        updateCount: position.updateCount, averageCount: position.averageCount ?? 0,
        buffers: buffers, carriedStates: carriedStates))
  }
}

extension Trainer {
  /// A copy of everything that the next step depends on.
  package func state() -> TrainerState {
    TrainerState(
      stepCount: stepCount, lanePosition: windows.position, epochCount: windows.epochCount,
      engine: engine.state())
  }

  /// Resumes from `state`.
  /// - Precondition: `state` comes from a trainer with the same settings and text, or was checked
  ///   against them.
  package mutating func restore(_ state: TrainerState) {
    stepCount = state.stepCount
    windows.move(to: state.lanePosition, epochCount: state.epochCount)
    engine.restore(state.engine)
  }
}
