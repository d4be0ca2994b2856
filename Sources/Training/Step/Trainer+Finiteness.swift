import RecurrentNetwork

extension Trainer {
  /// A number that is put in the place of another, to see that a step finds it.
  package struct Damage {
    package enum Place: Hashable {
      case buffer(TrainerBuffer)
      /// Between their computation and their use.
      case gradients
      /// What the first row carries into the window.
      case carriedState
      /// What it carries out of the window, when gradients have been computed.
      case nextState
    }

    package var place: Place
    package var index: Int
    package var value: Float

    package init(_ place: Place, index: Int, value: Float) {
      self.place = place
      self.index = index
      self.value = value
    }
  }

  /// What messages call the state that one window hands to the next.
  var carriedState: String { "the carried state" }

  /// What first holds numbers that are not finite of all that outlives a step; nil for nothing.
  package var damagedTensor: String? {
    for kind in TrainerBuffer.allCases {
      guard let start = start(of: kind), let name = damagedTensor(of: start) else { continue }
      return switch kind {
      case .parameters: name
      case .firstMoments: "the first moments of \(name)"
      case .secondMoments: "the second moments of \(name)"
      case .averages: "the averages of \(name)"
      }
    }
    return pass.isStateFinite(after: 0) ? nil : carriedState
  }

  var damagedGradient: String? {
    damagedTensor(of: gradients.start).map { "the gradients of \($0)" }
  }

  private func damagedTensor(of start: UnsafeMutablePointer<Float>) -> String? {
    parameters.layout.tensors.first { tensor in
      !processor.kernels.sumOfSquares(start + tensor.offset, count: tensor.count).isFinite
    }?.name
  }

  /// - Parameter windowSteps: the window's steps, when gradients have been computed.
  mutating func applyDamage(afterGradientsOf windowSteps: Int? = nil) {
    guard let damage, [.gradients, .nextState].contains(damage.place) == (windowSteps != nil)
    else { return }
    switch damage.place {
    case .gradients: gradients.start[damage.index % gradients.count] = damage.value
    case .buffer(let kind): start(of: kind)?[damage.index % parameters.count] = damage.value
    case .nextState: pass.overwriteState(after: windowSteps ?? 0, with: damage.value)
    case .carriedState:
      var states = pass.states
      states[0].values[damage.index % states[0].values.count] = damage.value
      pass.states = states
    }
    self.damage = nil
  }
}
