import Kernels
import ModelFiles
import Processes
import RecurrentNetwork
import Synchronization
import Tokenization

/// The engine of several processes, each of which computes the gradients of some shards
/// (synchronous data parallelism). It exists in process 0; the others have an `WorkerProcess`.
///
/// Every process has all parameters, moments and averages, and updates them alike. So the only large
/// messages of a step are the gradients; the window's tokens come from process 0, which alone reads
/// the text. All numbers are the same to the bit as those of a `ProcessorEngine` with the same number
/// of shards.
package final class DistributedEngine: TrainingEngine {
  private let local: ProcessorEngine
  private let group: ProcessGroup
  private let number: Int
  /// [2 x T B]
  private let tokens: AlignedBuffer<TokenID>
  private let ownLanes: Range<Int>
  private var isStateFiniteAfterWindow = true

  private static let engineCount = Atomic<Int>(0)

  /// - Parameter threadCount: of each process; nil for its cores.
  /// - Precondition: the shards can be divided among the processes.
  package init(
    network: NetworkConfiguration, configuration: TrainingConfiguration,
    parameters: consuming ParameterBuffer, processor: Processor, threadCount: Int?,
    group: ProcessGroup
  ) {
    precondition(
      Self.canDivide(shards: configuration.shards, among: group.count),
      "the shards cannot be divided among the processes")
    self.group = group
    number = Self.engineCount.add(1, ordering: .relaxed).newValue
    ownLanes = group.lanes(of: configuration, rank: 0)
    tokens = AlignedBuffer(
      repeating: 0, count: 2 * configuration.batchSize * configuration.windowLength)
    local = ProcessorEngine(
      network: network, configuration: configuration,
      shards: group.shards(of: configuration, rank: 0), parameters: parameters, processor: processor
    )
    group.broadcast(
      ProcessCommand(kind: .makeEngine, object: number),
      EngineTask(
        network: network, configuration: configuration,
        instructionSet: processor.kernels.instructionSet.rawValue, threadCount: threadCount))
    sendState(carried: local.zeroStates())
  }

  deinit {
    send(ProcessCommand(kind: .removeEngine, object: number))
  }

  /// Whether each process can have a subtree of the sum of the shards.
  package static func canDivide(shards: Int, among processCount: Int) -> Bool {
    processCount == shards
      || shards.isMultiple(of: processCount) && processCount.nonzeroBitCount == 1
  }

  private func send(_ command: ProcessCommand) {
    var command = command
    group.broadcast(&command)
  }

  package var network: NetworkConfiguration { local.network }

  package func computeGradients(of window: TrainingWindow, number: Int) -> Double {
    send(
      ProcessCommand(
        kind: .computeGradients, object: self.number, number: number, stepCount: window.stepCount))
    let count = window.stepCount * local.configuration.batchSize
    let shared = SharedWindow(inputs: tokens.start, targets: tokens.start + count, count: count)
    shared.inputs.update(from: window.inputs, count: count)
    shared.targets.update(from: window.targets, count: count)
    group.broadcast(shared)
    let (nats, isFinite) = local.computeGradients(of: window, number: number, with: group)
    isStateFiniteAfterWindow = isFinite
    return nats.reduce(0, +)
  }

  package func gradientNorm() -> Double { local.gradientNorm() }

  package func update(gradientNorm: Double, learningRate: Double, isInAverage: Bool) -> Bool {
    send(
      ProcessCommand(
        kind: .update, object: number, gradientNorm: gradientNorm, learningRate: learningRate,
        isInAverage: isInAverage))
    return local.update(
      gradientNorm: gradientNorm, learningRate: learningRate, isInAverage: isInAverage)
  }

  package func resetState() {
    send(ProcessCommand(kind: .resetState, object: number))
    local.resetState()
  }

  package func carryState(stepCount: Int) {
    send(ProcessCommand(kind: .carryState, object: number, stepCount: stepCount))
    local.carryState(stepCount: stepCount)
  }

  package func isStateFinite(after stepCount: Int) -> Bool {
    if stepCount > 0 { return isStateFiniteAfterWindow }
    send(ProcessCommand(kind: .checkState, object: number))
    return group.gather([local.isStateFinite(after: 0)]).allSatisfy { $0[0] }
  }

  package func weights() -> NetworkWeights? { local.weights() }

  package var nonFiniteTensor: String? {
    local.nonFiniteTensor ?? (isStateFinite(after: 0) ? nil : Trainer.carriedState)
  }

  package var nonFiniteGradient: String? { local.nonFiniteGradient }

  package func state() -> EngineState {
    send(ProcessCommand(kind: .sendState, object: number))
    let states = local.gatherStates(in: group).enumerated().flatMap { rank, values in
      let lanes = group.lanes(of: local.configuration, rank: rank)
      return local.recurrentStates(of: 0..<lanes.count, in: values)
    }
    return local.state(carriedStates: states)
  }

  package func restore(_ state: EngineState) {
    local.restore(state, lanes: ownLanes)
    sendState(carried: state.carriedStates.flatMap(\.values))
  }

  /// Sends all that the next step depends on.
  /// - Parameter carried: the states of all lanes.
  private func sendState(carried: [Float]) {
    send(
      ProcessCommand(
        kind: .restore, object: number, number: local.optimizer.stepCount,
        averageCount: local.optimizer.averageCount))
    var carried = carried
    local.broadcast(&carried, in: group)
  }
}

extension ProcessorEngine {
  /// The carried states of all lanes of the batch, all zero.
  func zeroStates() -> [Float] {
    Array(
      repeating: 0, count: configuration.batchSize * RecurrentState(network).values.count)
  }

  /// Sends buffers and the carried states of all lanes from process 0 to all others.
  func broadcast(_ carried: inout [Float], in group: ProcessGroup) {
    for kind in EngineBuffer.allCases {
      guard let start = start(of: kind) else { continue }
      group.broadcast(start, count: parameters.count)
    }
    carried.withUnsafeMutableBytes { group.broadcast($0) }
  }

  /// The states of some lanes in `values`, lane by lane.
  func recurrentStates(of lanes: Range<Int>, in values: [Float]) -> [RecurrentState] {
    lanes.map { lane in
      var state = RecurrentState(network)
      let size = state.values.count
      state.values.replaceSubrange(0..<size, with: values[lane * size..<(lane + 1) * size])
      return state
    }
  }

  /// - Returns: in process 0 the carried states of each process's lanes, perhaps with zeros after
  ///   them.
  func gatherStates(in group: ProcessGroup) -> [[Float]] {
    let size = RecurrentState(network).values.count
    let most = (0..<group.count).map { group.lanes(of: configuration, rank: $0).count }.max() ?? 0
    let own = states(after: 0).flatMap(\.values)
    return group.gather(own + Array(repeating: 0, count: most * size - own.count))
  }
}
