import Training

/// A number that replaces another within a step, to check that the step finds it.
struct InjectedFault {
  enum Place: Hashable {
    case buffer(TrainerBuffer)
    /// After they are computed, before they are used.
    case gradients
    /// The state that the first row carries into the window.
    case carriedState
    /// The state that the first row carries out of the window, after gradients have been computed.
    case nextState
  }

  var place: Place
  var index: Int
  var value: Float

  init(_ place: Place, index: Int, value: Float) {
    self.place = place
    self.index = index
    self.value = value
  }

  /// - Parameter fault: called once before each step, with the number of steps before it.
  static func injector(_ fault: @escaping (Int) -> InjectedFault?) -> Trainer.FaultInjector {
    var pending: InjectedFault?
    return { trainer, phase in
      switch phase {
      case .beforeWindow:
        pending = fault(trainer.stepCount)
        pending?.applyBeforeWindow(to: &trainer)
      case .afterGradients(let stepCount):
        pending?.applyAfterGradients(to: &trainer, stepCount: stepCount)
        pending = nil
      }
    }
  }

  private func applyBeforeWindow(to trainer: inout Trainer) {
    switch place {
    case .buffer(let kind):
      trainer.start(of: kind)?[index % trainer.parameterCount] = value
    case .carriedState:
      var states = trainer.pass.states
      states[0].values[index % states[0].values.count] = value
      trainer.pass.states = states
    case .gradients, .nextState: break
    }
  }

  private func applyAfterGradients(to trainer: inout Trainer, stepCount: Int) {
    switch place {
    case .gradients: trainer.gradients.start[index % trainer.gradients.count] = value
    case .nextState:
      var states = trainer.pass.states(after: stepCount)
      states[0].values[index % states[0].values.count] = value
      trainer.pass.setStates(states, after: stepCount)
    case .buffer, .carriedState: break
    }
  }
}
