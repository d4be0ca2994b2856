import Kernels
import Processes
import RecurrentNetwork
import Synchronization

/// Scores blocks of a text in all processes of a group, one in each. It exists in process 0; the
/// others have a `WorkerProcess`.
///
/// Every process has the weights, which are sent when there are blocks for several; the tokens come
/// from process 0, which alone reads the text.
package final class DistributedScorer: BlockScoring {
  private let weights: NetworkWeights
  private let instructionSet: InstructionSet
  private let threadCount: Int?
  private let local: BlockScorer
  private let group: ProcessGroup
  private let number: Int
  /// Whether the others have the weights.
  private var isShared = false

  private static let scorerCount = Atomic<Int>(0)

  /// - Parameter threadCount: of each process; nil for its cores.
  package init(
    weights: NetworkWeights, processor: Processor, threadCount: Int?, group: ProcessGroup
  ) {
    self.weights = weights
    self.threadCount = threadCount
    self.group = group
    instructionSet = processor.kernels.instructionSet
    number = Self.scorerCount.add(1, ordering: .relaxed).newValue
    local = BlockScorer(weights: weights, processor: processor)
  }

  deinit {
    guard isShared else { return }
    var command = ProcessCommand(kind: .removeScorer, object: number)
    group.broadcast(&command)
  }

  package var blocksAtOnce: Int { group.count }

  package func score(_ blocks: [TextBlock], shouldStop: () -> Bool) -> [BlockScore]? {
    guard blocks.count > 1 else { return local.score(blocks, shouldStop: shouldStop) }
    if !isShared { share() }
    var command = ProcessCommand(kind: .scoreBlocks, object: number, number: blocks.count)
    group.broadcast(&command)
    for block in blocks { group.broadcast(block) }
    let own = local.score([blocks[0]], shouldStop: shouldStop)
    let scores = group.gather(bytes: []).dropFirst().prefix(blocks.count - 1)
    guard let own else { return nil }
    return own + scores.map { BlockScore($0, stateOf: own[0].states.begin) }
  }

  private func share() {
    group.broadcast(
      ProcessCommand(kind: .makeScorer, object: number),
      ScorerTask(
        network: weights.configuration, instructionSet: instructionSet.rawValue,
        threadCount: threadCount))
    group.broadcast(weights.parameters.start, count: weights.parameters.count)
    isShared = true
  }
}

extension ProcessGroup {
  /// In a process other than 0: receives blocks and scores the one of its rank.
  func scoreOwnBlock(of count: Int, _ scorer: BlockScorer) {
    let blocks = (0..<count).map { _ in broadcast(nil) }
    let score = rank < count ? scorer.score([blocks[rank]]) { false }?.first : nil
    _ = gather(bytes: score?.bytes ?? [])
  }

  /// Copies a block of process 0 to all others.
  /// - Parameter block: in process 0 the block.
  @discardableResult
  fileprivate func broadcast(_ block: TextBlock?) -> TextBlock {
    var sizes = [block?.count ?? 0, block?.warmUpLength ?? 0]
    sizes.withUnsafeMutableBytes { broadcast($0) }
    var tokens = block?.tokens ?? Array(repeating: 0, count: sizes[1] + 1 + sizes[0])
    tokens.withUnsafeMutableBytes { broadcast($0) }
    return block ?? TextBlock(tokens: tokens, count: sizes[0], warmUpLength: sizes[1])
  }
}

extension BlockScore {
  /// The states, in the order in which they are reached, and the nats.
  fileprivate var bytes: [UInt8] {
    let values = states.begin.values + states.settled.values + states.end.values
    return values.withUnsafeBytes { Array($0) } + nats.withUnsafeBytes { Array($0) }
  }

  /// - Parameters:
  ///   - bytes: of another score.
  ///   - state: any state of the same network.
  fileprivate init(_ bytes: [UInt8], stateOf state: RecurrentState) {
    let size = state.values.count * MemoryLayout<Float>.stride
    func numbers<Number: BitwiseCopyable>(_ range: Range<Int>) -> [Number] {
      bytes[range].withUnsafeBytes { source in
        let count = range.count / MemoryLayout<Number>.stride
        return (0..<count).map {
          source.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.stride, as: Number.self)
        }
      }
    }
    let states = (0..<3).map { number in
      var result = state
      result.values = numbers(number * size..<(number + 1) * size)
      return result
    }
    self.init(
      states: StretchStates(begin: states[0], settled: states[1], end: states[2]),
      nats: numbers(3 * size..<bytes.count))
  }
}
