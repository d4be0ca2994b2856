import RecurrentNetwork

/// What a trainer has one float of for each parameter, from step to step.
package enum TrainerBuffer: String, CaseIterable, Sendable {
  case parameters
  case firstMoments = "first_moments"
  case secondMoments = "second_moments"
  /// Of the parameters.
  case averages
}

/// All that a trainer's next step depends on beside its settings and its text, as a copy: with it, another
/// trainer of the same settings and text goes on to the same bits.
///
/// Random numbers have no state of their own: each step's come from the seed and the step's number.
package final class TrainerState: Sendable {
  /// Where in the text and how far in training the trainer is.
  package struct Position: Sendable, Codable, Equatable {
    /// Steps done or skipped.
    package var stepCount: Int
    /// Updates of the weights: steps done.
    package var updateCount: Int
    /// Tokens of each lane that the epoch has passed.
    package var lanePosition: Int
    /// Whole epochs.
    package var epochCount: Int
  }

  package let position: Position
  /// Those that the settings need.
  package let buffers: [TrainerBuffer: SharedParameters]
  /// What each of the B rows carries into the next window.
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

/// Floats of one kind that no longer change.
package final class SharedParameters: Sendable {
  package let values: ParameterBuffer

  package init(_ values: consuming ParameterBuffer) {
    self.values = values
  }
}
