import Kernels
import ModelFiles
import Processes
import RecurrentNetwork
import Tokenization
import Training

/// The steps of training that several processes do in a second: measured where they run, and predicted
/// for other numbers of them.
///
/// ```
/// step     = compute + waiting            compute: of B / N lanes, in one process
/// waiting  = sum of layer 0's gradients   when nothing is left to compute
///          + what the sum of the other gradients takes longer than layer 0's backward pass,
///            0.6 compute / L
///          + 3 round trips                of window, update and loss
/// sum      = 2 (N - 1) / N bytes / bandwidth + 2 log2(N) latency
/// ```
///
/// So compute contains what every process does alike: packing the weights, masks, the update.
package struct ScaleBenchmark {
  /// One number of processes.
  package struct Row: Sendable, Equatable {
    package let processCount: Int
    /// Of each process.
    package let laneCount: Int
    package let computeSeconds: Double
    /// Waiting for messages.
    package let waitingSeconds: Double
    /// Measured, if so many processes run.
    package var measuredSeconds: Double?

    package var predictedSeconds: Double { computeSeconds + waitingSeconds }
  }

  private let shape: TrainingShape
  private let processor: Processor
  private let seconds: Double

  /// The share of a step that the backward pass takes, roughly: two products of three.
  private static let backwardShare = 0.6
  private static let roundTripsPerStep = 3.0

  /// - Parameter seconds: the time for each measurement.
  package init(_ shape: TrainingShape, processor: Processor, seconds: Double) {
    self.shape = shape
    self.processor = processor
    self.seconds = seconds
  }

  /// - Parameter messages: the speed between the processes.
  /// - Throws: `TrainingError.notFinite`.
  package func row(processCount: Int, messages: MessageSpeed) throws -> Row {
    let compute = try stepSeconds(processCount: processCount) {
      ProcessorEngine(
        network: $0, configuration: $1, shards: 0..<1, parameters: $2, processor: $3)
    }
    let layout = ParameterLayout(shape.network)
    let size = MemoryLayout<Float>.size
    let end = layout.layers.count > 1 ? layout.layers[1].inputWeight.offset : layout.count
    let rest = messages.seconds(toAddUp: (layout.count - end) * size, over: processCount)
    let hidden = Self.backwardShare * compute / Double(layout.layers.count)
    let waiting =
      messages.seconds(toAddUp: end * size, over: processCount)
      + (end < layout.count ? max(0, rest - hidden) : 0)
      + Self.roundTripsPerStep * messages.secondsOfRoundTrip(over: processCount)
    return Row(
      processCount: processCount, laneCount: shape.batchSize / processCount,
      computeSeconds: compute, waitingSeconds: processCount > 1 ? waiting : 0)
  }

  /// The median time of a step of all processes of `group`.
  /// - Throws: `TrainingError.notFinite`.
  package func measure(_ group: ProcessGroup, threadCount: Int?) throws -> Double {
    try stepSeconds(
      processCount: group.count, ComputeBackend(group, threadCount: threadCount).makeEngine)
  }

  private func stepSeconds(
    processCount: Int, _ makeEngine: ComputeBackend.Maker
  ) throws -> Double {
    var configuration = TrainingBenchmark.configuration(of: shape)
    configuration.shards = processCount
    let engine = makeEngine(
      shape.network, configuration, ParameterBuffer(configuration: shape.network, seed: 1),
      processor)
    let tokens = TrainingBenchmark.tokens(shape)
    var trainer = Trainer(
      engine, configuration: configuration, tokens: TokenFile(tokens),
      positions: TokenPositions(1..<tokens.count))
    return try Timing.measure(for: seconds) { _ = try trainer.step(progress: 0) }.medianSeconds
  }
}
