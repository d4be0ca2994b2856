/// A copy of everything that a trainer's next step depends on, besides its settings and its text.
/// With it, another trainer with the same settings and text gives the same bits.
///
/// Random numbers have no state: each step derives them from the seed and the step's number.
package struct TrainerState: Sendable {
  /// The trainer's position in the text, and its progress.
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

  package let position: Position
  package let engine: EngineState
}

extension Trainer {
  /// A copy of everything that the next step depends on.
  package func state() -> TrainerState {
    let state = engine.state()
    return TrainerState(
      position: TrainerState.Position(
        stepCount: stepCount, updateCount: state.updateCount, lanePosition: windows.position,
        epochCount: windows.epochCount,
        averageCount: state.averageCount == 0 ? nil : state.averageCount),
      engine: state)
  }

  /// Resumes from `state`.
  /// - Precondition: `state` comes from a trainer with the same settings and text, or was checked
  ///   against them.
  package mutating func restore(_ state: TrainerState) {
    stepCount = state.position.stepCount
    windows.move(to: state.position.lanePosition, epochCount: state.position.epochCount)
    engine.restore(state.engine)
  }
}
