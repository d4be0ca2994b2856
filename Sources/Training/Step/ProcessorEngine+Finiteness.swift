import RecurrentNetwork

extension ProcessorEngine {
  package var nonFiniteTensor: String? {
    for kind in EngineBuffer.allCases {
      guard let start = start(of: kind), let name = nonFiniteTensor(of: start) else { continue }
      return switch kind {
      case .parameters: name
      case .firstMoments: "the first moments of \(name)"
      case .secondMoments: "the second moments of \(name)"
      case .averages: "the averages of \(name)"
      }
    }
    return isStateFinite(after: 0) ? nil : Trainer.carriedState
  }

  package var nonFiniteGradient: String? {
    nonFiniteTensor(of: gradients.start).map { "the gradients of \($0)" }
  }

  private func nonFiniteTensor(of start: UnsafeMutablePointer<Float>) -> String? {
    parameters.layout.tensors.first { tensor in
      !processor.kernels.sumOfSquares(start + tensor.offset, count: tensor.count).isFinite
    }?.name
  }
}
