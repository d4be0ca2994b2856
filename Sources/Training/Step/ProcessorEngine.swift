import Kernels
import ModelFiles
import RecurrentNetwork

/// The engine of one process, which shares the work on its lanes among its threads.
///
/// The gradients of a window are the sum of its shards' gradients, added as a binary tree:
///
/// ```
/// sum(first ..< last) = sum(first ..< middle) + sum(middle ..< last)
/// ```
///
/// So all numbers are the same to the bit for any number of threads, and for any number of processes
/// of which each has a subtree (`DistributedEngine`).
package final class ProcessorEngine: TrainingEngine {
  package let network: NetworkConfiguration
  let configuration: TrainingConfiguration
  let processor: Processor
  package var parameters: ParameterBuffer
  package var gradients: ParameterBuffer
  var optimizer: Optimizer
  let passes: [ShardPass]
  /// Memory for the second operand of a sum, one for each level of the tree below the first.
  private let operands: [PartialGradients]

  /// - Parameter shards: those that it computes; nil for all.
  /// - Precondition: the layout of `parameters` is the network's.
  package init(
    network: NetworkConfiguration, configuration: TrainingConfiguration, shards: Range<Int>? = nil,
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
    passes = configuration.lanesOfShards[shards ?? 0..<configuration.shards].map {
      ShardPass(lanes: $0, network: network, configuration: configuration, processor: processor)
    }
    let levelCount = Int.bitWidth - (passes.count - 1).leadingZeroBitCount
    operands = (0..<levelCount).map { _ in PartialGradients(layout: layout) }
  }

  package func computeGradients(of window: TrainingWindow, number: Int) -> Double {
    computeShardGradients(of: window, number: number) { _ in }.reduce(0, +)
  }

  /// Computes the sum of its shards' gradients.
  /// - Parameter whenFinal: called with the offset from which on all gradients are final; at last
  ///   with 0.
  /// - Returns: the sums of the nats, shard by shard.
  package func computeShardGradients(
    of window: TrainingWindow, number: Int, whenFinal: (_ offset: Int) -> Void
  ) -> [Double] {
    var nats: [Double] = []
    let masks = RandomStream(seed: configuration.seed, purpose: 1, UInt64(number))
    add(passes[...], operands[...], into: &gradients) { shard, gradients in
      nats.append(
        shard.accumulateGradients(
          of: window, parameters: parameters, into: &gradients, masks: masks
        ) { if passes.count == 1 { whenFinal($0) } })
    }
    if passes.count > 1 { whenFinal(0) }
    return nats
  }

  /// Sets `sum` to the sum of the gradients of `shards`.
  private func add(
    _ shards: ArraySlice<ShardPass>, _ operands: ArraySlice<PartialGradients>,
    into sum: inout ParameterBuffer, compute: (ShardPass, inout ParameterBuffer) -> Void
  ) {
    guard shards.count > 1, let operand = operands.first else {
      sum.clear(processor: processor)
      return compute(shards[shards.startIndex], &sum)
    }
    let middle = (shards.startIndex + shards.endIndex) / 2
    let others = operands.dropFirst()
    add(shards[..<middle], others, into: &sum, compute: compute)
    add(shards[middle...], others, into: &operand.values, compute: compute)
    sum.add(operand.values, processor: processor)
  }

  package func gradientNorm() -> Double { optimizer.norm(of: gradients) }

  package func update(gradientNorm: Double, learningRate: Double, isInAverage: Bool) -> Bool {
    optimizer.update(
      &parameters, gradients: gradients, gradientNorm: gradientNorm, learningRate: learningRate,
      isInAverage: isInAverage)
  }

  package func resetState() {
    for shard in passes { shard.pass.resetState() }
  }

  package func carryState(stepCount: Int) {
    for shard in passes { shard.pass.carryState(stepCount: stepCount) }
  }

  package func isStateFinite(after stepCount: Int) -> Bool {
    passes.allSatisfy { $0.pass.isStateFinite(after: stepCount) }
  }

  package func weights() -> NetworkWeights? {
    let weights = optimizer.weights(parameters)
    guard optimizer.norm(of: weights).isFinite else { return nil }
    return NetworkWeights(configuration: network, parameters: weights, processor: processor)
  }
}
