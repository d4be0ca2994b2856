import Kernels
import RecurrentNetwork

/// A network with random parameters and a window of random tokens, for tests that compare
/// implementations.
package struct RandomWindow: ~Copyable {
  package let configuration: NetworkConfiguration
  package let parameters: ParameterBuffer
  package let stepCount: Int
  package let batchSize: Int
  /// [T B], step by step.
  package let inputs: [UInt16]
  /// [T B], step by step.
  package let targets: [UInt16]

  package init(
    configuration: NetworkConfiguration, stepCount: Int, batchSize: Int, seed: UInt64 = 1
  ) {
    self.configuration = configuration
    self.stepCount = stepCount
    self.batchSize = batchSize
    var stream = RandomStream(seed: seed)
    let parameters = ParameterBuffer(layout: ParameterLayout(configuration))
    // A ReLU is unbounded: weights must be small enough to keep it from exploding.
    let bound =
      configuration.activation == .relu
      ? 1 / Double(configuration.hiddenSize).squareRoot() : 0.8
    for index in 0..<parameters.count {
      parameters.start[index] = Float((2 * stream.nextUniform() - 1) * bound)
    }
    self.parameters = parameters
    func tokens() -> [UInt16] {
      (0..<stepCount * batchSize).map { _ in
        UInt16(Int.random(in: 0..<configuration.vocabularySize, using: &stream))
      }
    }
    inputs = tokens()
    targets = tokens()
  }

  package var twin: NaiveNetwork {
    NaiveNetwork(configuration: configuration, copying: parameters)
  }
  package var twinInputs: NaiveNetwork.Tokens { steps(of: inputs) }
  package var twinTargets: NaiveNetwork.Tokens { steps(of: targets) }

  private func steps(of tokens: [UInt16]) -> NaiveNetwork.Tokens {
    (0..<stepCount).map { step in
      tokens[step * batchSize..<(step + 1) * batchSize].map(Int.init)
    }
  }
}

/// The largest difference, relative to the largest expected magnitude.
package func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
  precondition(found.count == expected.count, "lengths to compare differ")
  let scale = expected.reduce(0) { max($0, abs($1)) }
  let difference = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
  // NaN must not pass for a small difference.
  guard zip(found, expected).allSatisfy({ ($0 - $1).isFinite }) else { return .infinity }
  return difference == 0 ? 0 : difference / max(scale, .leastNormalMagnitude)
}
