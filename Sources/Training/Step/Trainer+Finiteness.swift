import RecurrentNetwork

extension Trainer {
  /// The name in messages of the state that one window passes to the next.
  var carriedState: String { "the carried state" }

  /// The first tensor with infinities or NaNs among all that outlive a step; nil if there is none.
  package var nonFiniteTensor: String? {
    for kind in TrainerBuffer.allCases {
      guard let start = start(of: kind), let name = nonFiniteTensor(of: start) else { continue }
      return switch kind {
      case .parameters: name
      case .firstMoments: "the first moments of \(name)"
      case .secondMoments: "the second moments of \(name)"
      case .averages: "the averages of \(name)"
      }
    }
    return pass.isStateFinite(after: 0) ? nil : carriedState
  }

  /// The first gradient with infinities or NaNs; nil if there is none.
  var nonFiniteGradient: String? {
    nonFiniteTensor(of: gradients.start).map { "the gradients of \($0)" }
  }

  private func nonFiniteTensor(of start: UnsafeMutablePointer<Float>) -> String? {
    parameters.layout.tensors.first { tensor in
      !processor.kernels.sumOfSquares(start + tensor.offset, count: tensor.count).isFinite
    }?.name
  }

  // MARK: Fault injection

  /// A point within a step.
  package enum StepPhase {
    case beforeWindow
    /// Gradients are computed, but neither checked nor used.
    /// - Parameter stepCount: the time steps of the window.
    case afterGradients(stepCount: Int)
  }

  /// Changes a trainer's numbers within a step, so that a test can check that the step finds them.
  package typealias FaultInjector = (inout Trainer, StepPhase) -> Void

  mutating func injectFault(_ phase: StepPhase) {
    if let faultInjector { faultInjector(&self, phase) }
  }
}
