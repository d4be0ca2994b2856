import RecurrentNetwork
import Training

/// A number that replaces another within a step, to check that the step finds it.
struct InjectedFault {
  enum Place: Hashable {
    case buffer(EngineBuffer)
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

  func applyBeforeWindow(to engine: ProcessorEngine) {
    switch place {
    case .buffer(let kind):
      engine.start(of: kind)?[index % engine.parameters.count] = value
    case .carriedState:
      var states = engine.states(after: 0)
      states[0].values[index % states[0].values.count] = value
      engine.setStates(states, after: 0)
    case .gradients, .nextState: break
    }
  }

  func applyAfterGradients(to engine: ProcessorEngine, stepCount: Int) {
    switch place {
    case .gradients: engine.gradients.start[index % engine.gradients.count] = value
    case .nextState:
      var states = engine.states(after: stepCount)
      states[0].values[index % states[0].values.count] = value
      engine.setStates(states, after: stepCount)
    case .buffer, .carriedState: break
    }
  }
}

/// An engine with faults.
final class FaultyEngine: TrainingEngine {
  private let engine: ProcessorEngine
  private let fault: (_ windowNumber: Int) -> InjectedFault?

  /// - Parameter fault: called once for each window.
  init(_ engine: ProcessorEngine, fault: @escaping (_ windowNumber: Int) -> InjectedFault?) {
    self.engine = engine
    self.fault = fault
  }

  func computeGradients(of window: TrainingWindow, number: Int) -> Double {
    let fault = fault(number)
    fault?.applyBeforeWindow(to: engine)
    let nats = engine.computeGradients(of: window, number: number)
    fault?.applyAfterGradients(to: engine, stepCount: window.stepCount)
    return nats
  }

  var network: NetworkConfiguration { engine.network }
  func gradientNorm() -> Double { engine.gradientNorm() }
  func update(gradientNorm: Double, learningRate: Double, isInAverage: Bool) -> Bool {
    engine.update(
      gradientNorm: gradientNorm, learningRate: learningRate, isInAverage: isInAverage)
  }
  func resetState() { engine.resetState() }
  func carryState(stepCount: Int) { engine.carryState(stepCount: stepCount) }
  func isStateFinite(after stepCount: Int) -> Bool { engine.isStateFinite(after: stepCount) }
  func weights() -> NetworkWeights? { engine.weights() }
  var nonFiniteTensor: String? { engine.nonFiniteTensor }
  var nonFiniteGradient: String? { engine.nonFiniteGradient }
  func state() -> EngineState { engine.state() }
  func restore(_ state: EngineState) { engine.restore(state) }
}
