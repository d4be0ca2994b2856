import RecurrentNetwork
import Tokenization

/// The numbers of a training run: parameters, gradients, moments, averages, and the state that each
/// lane carries from window to window.
///
/// A `Trainer` decides which window comes next, at which learning rate, and what follows from
/// numbers that are not finite; an engine computes. The calls of a step, in this order:
///
/// ```
/// computeGradients   of a window, from the state that the lanes carry
/// gradientNorm       for clipping
/// isStateFinite      the state after the window
/// update             parameters, moments, averages
/// carryState         into the next window
/// ```
///
/// A step that finds something infinite ends there; the next call is `computeGradients` again.
package protocol TrainingEngine: AnyObject {
  var network: NetworkConfiguration { get }

  /// - Parameter number: the windows before it, skipped ones included; masks are drawn from it.
  /// - Returns: the sum of the window's nats, before the update.
  func computeGradients(of window: TrainingWindow, number: Int) -> Double

  /// The norm of all gradients; not finite if a gradient is not.
  func gradientNorm() -> Double

  /// Updates the parameters once.
  /// - Parameters:
  ///   - gradientNorm: the result of `gradientNorm()`.
  ///   - isInAverage: whether the new weights belong to the average of the last part.
  /// - Returns: whether everything written is finite.
  func update(gradientNorm: Double, learningRate: Double, isInAverage: Bool) -> Bool

  /// Starts the next window from a zero state.
  func resetState()

  /// Starts the next window in the state after `stepCount` steps of the last one.
  func carryState(stepCount: Int)

  /// Whether the state after `stepCount` steps of the last window (0: before it) is finite.
  func isStateFinite(after stepCount: Int) -> Bool

  /// A copy of the weights to validate and to save, or of their average if the settings ask for one;
  /// nil if one is infinite or NaN.
  func weights() -> NetworkWeights?

  /// The first tensor with infinities or NaNs among all that outlive a step; nil if there is none.
  var nonFiniteTensor: String? { get }

  /// The first gradient with infinities or NaNs; nil if there is none.
  var nonFiniteGradient: String? { get }

  /// A copy of everything that the next step depends on.
  func state() -> EngineState

  /// - Precondition: `state` comes from an engine with the same network and settings, or was checked
  ///   against them.
  func restore(_ state: EngineState)
}

/// A window of all lanes.
package struct TrainingWindow {
  /// [stepCount B] token ids, step by step, all below V.
  package let inputs, targets: UnsafePointer<TokenID>
  package let stepCount: Int
}

/// The buffers that have one float per parameter, from step to step.
package enum EngineBuffer: String, CaseIterable, Sendable {
  case parameters
  case firstMoments = "first_moments"
  case secondMoments = "second_moments"
  /// The averages of the parameters.
  case averages
}

/// A copy of everything that an engine's next step depends on, besides its settings and the window.
package struct EngineState: Sendable {
  /// Updates of the weights.
  package let updateCount: Int
  /// Updates in the average of the last part; 0 before it.
  package let averageCount: Int
  /// The buffers that the settings need.
  package let buffers: [EngineBuffer: SharedParameters]
  /// The state that each lane carries into the next window.
  package let carriedStates: [RecurrentState]

  package init(
    updateCount: Int, averageCount: Int, buffers: [EngineBuffer: SharedParameters],
    carriedStates: [RecurrentState]
  ) {
    self.updateCount = updateCount
    self.averageCount = averageCount
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
