import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// The pass of one shard: some of the batch's lanes, whose gradients are computed on their own.
final class ShardPass {
  private let lanes: Range<Int>
  private let batchSize: Int
  var pass: BackpropagationThroughTime
  /// [T lanes], step by step; unused if the shard is the whole batch.
  private let inputs, targets: AlignedBuffer<TokenID>

  init(
    lanes: Range<Int>, network: NetworkConfiguration, configuration: TrainingConfiguration,
    processor: Processor
  ) {
    self.lanes = lanes
    batchSize = configuration.batchSize
    pass = BackpropagationThroughTime(
      configuration: network, batchSize: batchSize, lanes: lanes,
      windowLength: configuration.windowLength, dropout: configuration.dropouts,
      processor: processor)
    let count = lanes.count == batchSize ? 0 : lanes.count * configuration.windowLength
    inputs = AlignedBuffer(repeating: 0, count: count)
    targets = AlignedBuffer(repeating: 0, count: count)
  }

  var laneCount: Int { lanes.count }

  /// Adds the gradients of its lanes to `gradients`.
  /// - Parameters:
  ///   - masks: the source of the window's masks, the same for all shards.
  ///   - whenFinal: called with the offset from which on all gradients are final.
  /// - Returns: the sum of its lanes' nats.
  func accumulateGradients(
    of window: TrainingWindow, parameters: borrowing ParameterBuffer,
    into gradients: inout ParameterBuffer, masks: RandomStream, whenFinal: (_ offset: Int) -> Void
  ) -> Double {
    let own = tokens(of: window)
    return pass.accumulateGradients(
      inputs: own.inputs, targets: own.targets, stepCount: window.stepCount,
      parameters: parameters, into: &gradients, dropoutStream: masks, whenFinal: whenFinal)
  }

  private func tokens(of window: TrainingWindow) -> TrainingWindow {
    guard inputs.count > 0 else { return window }
    for (source, target) in [(window.inputs, inputs.start), (window.targets, targets.start)] {
      for step in 0..<window.stepCount {
        (target + step * lanes.count)
          .update(from: source + step * batchSize + lanes.lowerBound, count: lanes.count)
      }
    }
    return TrainingWindow(
      inputs: UnsafePointer(inputs.start), targets: UnsafePointer(targets.start),
      stepCount: window.stepCount)
  }
}

/// The owner of gradients that are part of a sum.
final class PartialGradients {
  var values: ParameterBuffer

  init(layout: ParameterLayout) { values = ParameterBuffer(layout: layout) }
}

extension TrainingConfiguration {
  /// The lanes of each shard.
  package var lanesOfShards: [Range<Int>] {
    (0..<shards).map { batchSize * $0 / shards..<batchSize * ($0 + 1) / shards }
  }
}
