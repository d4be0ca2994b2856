import Kernels

/// Runs several finished networks of one vocabulary along several texts side by side, as `BatchPredictor` runs
/// one; what comes next is predicted as by `EnsemblePredictor`.
public struct EnsembleBatch: ~Copyable {
  private let members: [Member]
  private let batchSize: Int
  private let processor: Processor
  /// [B x V], where there is something to take the mean of.
  private let mean: AlignedBuffer<Float>

  private final class Member {
    var batch: BatchPredictor
    init(_ batch: consuming BatchPredictor) { self.batch = batch }
  }

  /// - Parameters:
  ///   - states: what all texts begin with, for each network.
  ///   - batchSize: how many texts there are, at least 1.
  public init(
    _ weights: [NetworkWeights], states: [RecurrentState], batchSize: Int, processor: Processor
  ) {
    precondition(weights.count == states.count, "there must be a state for each network")
    members = zip(weights, states).map {
      Member(BatchPredictor(weights: $0, state: $1, batchSize: batchSize, processor: processor))
    }
    self.batchSize = batchSize
    self.processor = processor
    let vocabularySize = weights[0].configuration.vocabularySize
    mean = AlignedBuffer(
      repeating: 0, count: weights.count == 1 ? 0 : batchSize * vocabularySize)
  }

  /// Reads a token of each text, all below V, and gives the logits of those that come next, [B x V]: valid
  /// until the next call.
  public mutating func advance(_ tokens: [UInt16]) -> MatrixView {
    if members.count == 1 { return members[0].batch.advance(tokens) }
    let logits = members.map { $0.batch.advance(tokens) }
    let result = MatrixView(
      start: mean.start, rowCount: batchSize, columnCount: logits[0].columnCount)
    processor.team.forEachRange(of: batchSize) { rows, _ in
      for row in rows {
        EnsembleAverage.logits(
          logits.map { UnsafePointer($0.row(row)) }, count: result.columnCount,
          into: result.row(row))
      }
    }
    return result
  }

  /// What each network remembers of one text.
  public func states(of text: Int) -> [RecurrentState] { members.map { $0.batch.state(of: text) } }

  /// Lets text i go on from where `sources[i]` stands.
  public mutating func select(_ sources: [Int]) {
    for member in members { member.batch.select(sources) }
  }
}
