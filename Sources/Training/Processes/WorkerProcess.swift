import Kernels
import ModelFiles
import Processes
import RecurrentNetwork
import Tokenization

/// What every process except process 0 does: it computes for the engines and scorers of process 0.
package struct WorkerProcess: ~Copyable {
  private let group: ProcessGroup
  private let processor: (_ instructionSet: String, _ threadCount: Int?) throws -> Processor
  private let shareWork: (_ seed: UInt64) -> Void
  private var engines: [Int: ProcessorEngine] = [:]
  private var scorers: [Int: BlockScorer] = [:]

  /// - Parameters:
  ///   - processor: makes a processor; without a number of threads, with one for each core.
  ///   - shareWork: does this process's part of a verb's work.
  package init(
    _ group: ProcessGroup,
    processor: @escaping (_ instructionSet: String, _ threadCount: Int?) throws -> Processor,
    shareWork: @escaping (_ seed: UInt64) -> Void
  ) {
    self.group = group
    self.processor = processor
    self.shareWork = shareWork
  }

  /// Does what process 0 says, until it says that this is the end.
  /// - Throws: what making a processor throws.
  package mutating func callAsFunction() throws {
    while true {
      var command = ProcessCommand(kind: .end)
      group.broadcast(&command)
      switch command.kind {
      case .end: return
      case .shareWork: shareWork(UInt64(bitPattern: Int64(command.number)))
      case .answer: _ = group.gather([UInt8(0)])
      case .addUp: group.addUp(command.number)
      case .makeEngine: engines[command.object] = try make(command)
      case .removeEngine: engines[command.object] = nil
      case .makeScorer: scorers[command.object] = try makeScorer(command)
      case .removeScorer: scorers[command.object] = nil
      case .scoreBlocks:
        guard let scorer = scorers[command.object] else {
          preconditionFailure("process 0 knows its scorers")
        }
        group.scoreOwnBlock(of: command.number, scorer)
      default:
        guard let engine = engines[command.object] else {
          preconditionFailure("process 0 knows its engines")
        }
        perform(command, on: engine)
      }
    }
  }

  /// Tells all workers that this is the end.
  package static func end(_ group: ProcessGroup) {
    var command = ProcessCommand(kind: .end)
    group.broadcast(&command)
  }

  /// Tells all workers to do their parts of a verb's work.
  package static func beginSharing(_ group: ProcessGroup, seed: UInt64) {
    var command = ProcessCommand(kind: .shareWork, number: Int(Int64(bitPattern: seed)))
    group.broadcast(&command)
  }

  private func make(_ command: ProcessCommand) throws -> ProcessorEngine {
    let task: EngineTask = try group.receiveTask(after: command)
    return try ProcessorEngine(
      network: task.network, configuration: task.configuration,
      shards: group.shards(of: task.configuration, rank: group.rank),
      parameters: ParameterBuffer(layout: ParameterLayout(task.network)),
      processor: processor(task.instructionSet, task.threadCount))
  }

  private func makeScorer(_ command: ProcessCommand) throws -> BlockScorer {
    let task: ScorerTask = try group.receiveTask(after: command)
    let parameters = ParameterBuffer(layout: ParameterLayout(task.network))
    group.broadcast(parameters.start, count: parameters.count)
    let processor = try processor(task.instructionSet, task.threadCount)
    let weights = NetworkWeights(
      configuration: task.network, parameters: parameters, processor: processor)
    return BlockScorer(weights: weights, processor: processor)
  }

  private func perform(_ command: ProcessCommand, on engine: ProcessorEngine) {
    switch command.kind {
    case .computeGradients: computeGradients(command, on: engine)
    case .update:
      _ = engine.update(
        gradientNorm: command.gradientNorm, learningRate: command.learningRate,
        isInAverage: command.isInAverage)
    case .resetState: engine.resetState()
    case .carryState: engine.carryState(stepCount: command.stepCount)
    case .checkState: _ = group.gather([engine.isStateFinite(after: 0)])
    case .sendState: _ = engine.gatherStates(in: group)
    case .restore: restore(command, on: engine)
    default: break
    }
  }

  private func computeGradients(_ command: ProcessCommand, on engine: ProcessorEngine) {
    let count = command.stepCount * engine.configuration.batchSize
    let tokens = AlignedBuffer<TokenID>(repeating: 0, count: 2 * count)
    let shared = SharedWindow(inputs: tokens.start, targets: tokens.start + count, count: count)
    group.broadcast(shared)
    let window = TrainingWindow(
      inputs: UnsafePointer(shared.inputs), targets: UnsafePointer(shared.targets),
      stepCount: command.stepCount)
    _ = engine.computeGradients(of: window, number: command.number, with: group)
  }

  private func restore(_ command: ProcessCommand, on engine: ProcessorEngine) {
    var carried = engine.zeroStates()
    engine.broadcast(&carried, in: group)
    engine.optimizer.restore(stepCount: command.number, averageCount: command.averageCount)
    let lanes = group.lanes(of: engine.configuration, rank: group.rank)
    engine.setStates(engine.recurrentStates(of: lanes, in: carried), after: 0)
  }
}
