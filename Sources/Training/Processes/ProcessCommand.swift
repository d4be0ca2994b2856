import ModelFiles
import Processes
import RecurrentNetwork
import Tokenization

/// What process 0 tells the others to do. All processes are of the same build, so that it is sent as
/// it is in memory.
struct ProcessCommand: BitwiseCopyable {
  enum Kind: UInt8 {
    /// Make an engine. Its `EngineTask` follows.
    case makeEngine
    case removeEngine
    /// Compute the gradients of a window, whose inputs and targets follow, and add them up.
    case computeGradients
    case update
    case resetState
    case carryState
    /// Say whether the state is finite.
    case checkState
    /// Send the carried states.
    case sendState
    /// Replace everything that the next step depends on, which follows.
    case restore
    /// Make a scorer of blocks. Its `ScorerTask` and its parameters follow.
    case makeScorer
    case removeScorer
    /// Score a block: of the `number` blocks that follow, the one of its own rank.
    case scoreBlocks
    /// Do a part of a verb's work, with the seed `number`.
    case shareWork
    /// Answer with a byte.
    case answer
    /// Add up `number` floats.
    case addUp
    /// Leave.
    case end
  }

  var kind: Kind
  /// The number of the engine or scorer.
  var object = 0
  /// The number of the window, of updates so far, of floats, or of blocks; or a seed.
  var number = 0
  var stepCount = 0
  var averageCount = 0
  var gradientNorm = 0.0
  var learningRate = 0.0
  var isInAverage = false
  /// The size of a text that follows.
  var byteCount = 0
}

/// The engine that processes share.
struct EngineTask: Codable {
  var network: NetworkConfiguration
  var configuration: TrainingConfiguration
  var instructionSet: String
  /// Threads of each process; nil for its cores.
  var threadCount: Int?
}

/// The scorer of blocks that processes share.
struct ScorerTask: Codable {
  var network: NetworkConfiguration
  var instructionSet: String
  /// Threads of each process; nil for its cores.
  var threadCount: Int?
}

extension ProcessGroup {
  /// Sends a command of process 0, and the task that belongs to it.
  func broadcast(_ command: ProcessCommand, _ task: some Encodable) {
    guard let text = try? MetadataText.encode(task) else {
      preconditionFailure("a task can be written as text")
    }
    var command = command
    var bytes = Array(text.utf8)
    command.byteCount = bytes.count
    broadcast(&command)
    bytes.withUnsafeMutableBytes { broadcast($0) }
  }

  /// Receives the task that follows `command`.
  func receiveTask<Task: Decodable>(after command: ProcessCommand) throws -> Task {
    var bytes = [UInt8](repeating: 0, count: command.byteCount)
    bytes.withUnsafeMutableBytes { broadcast($0) }
    return try MetadataText.decode(
      String(decoding: bytes, as: UTF8.self), key: "task", file: "process 0")
  }

  func broadcast(_ command: inout ProcessCommand) {
    withUnsafeMutableBytes(of: &command) { broadcast($0) }
  }

  func broadcast(_ floats: UnsafeMutablePointer<Float>, count: Int) {
    broadcast(UnsafeMutableRawBufferPointer(start: floats, count: count * MemoryLayout<Float>.size))
  }

  func broadcast(_ window: SharedWindow) {
    for tokens in [window.inputs, window.targets] {
      broadcast(
        UnsafeMutableRawBufferPointer(
          start: tokens, count: window.count * MemoryLayout<TokenID>.size))
    }
  }

  /// The shards that process `rank` computes.
  func shards(of configuration: TrainingConfiguration, rank: Int) -> Range<Int> {
    let share = configuration.shards / count
    return share * rank..<share * (rank + 1)
  }

  /// The lanes that process `rank` computes.
  func lanes(of configuration: TrainingConfiguration, rank: Int) -> Range<Int> {
    let lanes = configuration.lanesOfShards[shards(of: configuration, rank: rank)]
    return lanes.first!.lowerBound..<lanes.last!.upperBound
  }
}

/// The memory of a window that is broadcast.
struct SharedWindow {
  let inputs, targets: UnsafeMutablePointer<TokenID>
  /// Of each.
  let count: Int
}

extension ProcessorEngine {
  /// Computes the gradients of its shards, and the sum over all processes.
  /// - Returns: in process 0 the sums of the nats, shard by shard, and whether the states after the
  ///   window are finite everywhere.
  func computeGradients(
    of window: TrainingWindow, number: Int, with group: ProcessGroup
  ) -> (nats: [Double], isStateFinite: Bool) {
    let sum = SumFromTheEnd(group, gradients.start, count: gradients.count)
    let nats = computeShardGradients(of: window, number: number) { sum.isFinal(from: $0) }
    sum.finish()
    let isFinite = isStateFinite(after: window.stepCount)
    let all = group.gather(nats + [isFinite ? 1 : 0])
    return (all.flatMap { $0.dropLast() }, all.allSatisfy { $0.last == 1 })
  }
}
