import RecurrentNetwork

/// The buffers in which a trainer has one float per parameter, from step to step.
package enum TrainerBuffer: String, CaseIterable, Sendable {
  case parameters
  case firstMoments = "first_moments"
  case secondMoments = "second_moments"
  /// The averages of the parameters.
  case averages
}

/// A copy of everything that a trainer's next step depends on, besides its settings and its text.
/// With it, another trainer with the same settings and text gives the same bits.
///
/// Random numbers have no state: each step derives them from the seed and the step's number.
package final class TrainerState: Sendable {
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
  /// The buffers that the settings need.
  package let buffers: [TrainerBuffer: SharedParameters]
  /// The state that each of the B rows carries into the next window.
  package let carriedStates: [RecurrentState]

  init(
    position: Position, buffers: [TrainerBuffer: SharedParameters],
    carriedStates: [RecurrentState]
  ) {
    self.position = position
    self.buffers = buffers
    self.carriedStates = carriedStates
  }
}

/// Immutable floats of one kind.
package final class SharedParameters: Sendable {
  package let values: ParameterBuffer

  package init(_ values: consuming ParameterBuffer) {
    self.values = values
  }
}
