import Kernels
import ModelFiles
import RecurrentNetwork

/// The engine of one process, which has all lanes and shares their work among its threads.
///
/// All numbers are the same to the bit for any number of threads.
package final class ProcessorEngine: TrainingEngine {
  package let network: NetworkConfiguration
  private let configuration: TrainingConfiguration
  let processor: Processor
  package var parameters: ParameterBuffer
  package var gradients: ParameterBuffer
  var optimizer: Optimizer
  package var pass: BackpropagationThroughTime

  /// - Precondition: the layout of `parameters` is the network's.
  package init(
    network: NetworkConfiguration, configuration: TrainingConfiguration,
    parameters: consuming ParameterBuffer, processor: Processor
  ) {
    let layout = ParameterLayout(network)
    precondition(parameters.layout == layout, "the parameters are of another network")
    self.network = network
    self.configuration = configuration
    self.processor = processor
    gradients = ParameterBuffer(layout: layout)
    optimizer = Optimizer(configuration, parameters: parameters, processor: processor)
    self.parameters = parameters
    pass = BackpropagationThroughTime(
      configuration: network, batchSize: configuration.batchSize,
      windowLength: configuration.windowLength, dropout: configuration.dropouts,
      processor: processor)
  }

  package var lanes: Range<Int> { 0..<configuration.batchSize }

  package func computeGradients(of window: TrainingWindow, number: Int) -> Double {
    gradients.clear(processor: processor)
    return pass.accumulateGradients(
      inputs: window.inputs, targets: window.targets, stepCount: window.stepCount,
      parameters: parameters, into: &gradients,
      dropoutStream: RandomStream(seed: configuration.seed, purpose: 1, UInt64(number)))
  }

  package func gradientNorm() -> Double { optimizer.norm(of: gradients) }

  package func update(gradientNorm: Double, learningRate: Double, isInAverage: Bool) -> Bool {
    optimizer.update(
      &parameters, gradients: gradients, gradientNorm: gradientNorm, learningRate: learningRate,
      isInAverage: isInAverage)
  }

  package func resetState() { pass.resetState() }

  package func carryState(stepCount: Int) { pass.carryState(stepCount: stepCount) }

  package func isStateFinite(after stepCount: Int) -> Bool {
    pass.isStateFinite(after: stepCount)
  }

  package func weights() -> NetworkWeights? {
    let weights = optimizer.weights(parameters)
    guard optimizer.norm(of: weights).isFinite else { return nil }
    return NetworkWeights(configuration: network, parameters: weights, processor: processor)
  }
}
