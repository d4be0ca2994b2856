import Kernels

/// Several texts that the networks of an `Ensemble` read side by side, one token of each per step.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var batch = EnsembleBatch(
///   [weights], states: [states, states], processor: Processor(threadCount: 2))
/// let logits = batch.step(tokens)  // [2 x V], the logits of the next tokens
/// ```
///
/// Each text gets the same bits as alone in an `Ensemble`.
public struct EnsembleBatch: ~Copyable {
  /// The number of texts, B.
  public let count: Int
  private let processor: Processor
  /// One for each network; none without texts.
  private let batches: [Batch]
  /// [B x V], if there are several networks to average.
  private let mean: AlignedBuffer<Float>

  private final class Batch {
    var predictor: BatchPredictor
    init(_ predictor: consuming BatchPredictor) { self.predictor = predictor }
  }

  /// - Parameters:
  ///   - weights: the networks.
  ///   - texts: for each text, the state of each network from which it continues.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Precondition: there is a network, and all have vocabularies of the same size.
  public init(
    _ weights: [NetworkWeights], states texts: [[RecurrentState]], processor: Processor
  ) {
    weights.checkVocabularies()
    precondition(
      texts.allSatisfy { $0.count == weights.count }, "there must be a state for each network")
    count = texts.count
    self.processor = processor
    batches =
      texts.isEmpty
      ? []
      : weights.indices.map { index in
        Batch(
          BatchPredictor(
            weights: weights[index], states: texts.map { $0[index] }, processor: processor))
      }
    mean = AlignedBuffer(
      repeating: 0,
      count: weights.count == 1 ? 0 : texts.count * weights[0].configuration.vocabularySize)
  }

  /// Reads one token of each text, all below V.
  /// - Returns: the logits of the next tokens, [B x V], valid until the next call; for several
  ///   networks the logarithms of the mean probabilities.
  /// - Precondition: there is a text.
  public mutating func step(_ tokens: [UInt16]) -> MatrixView {
    if batches.count == 1 { return batches[0].predictor.advance(tokens) }
    let logits = batches.map { $0.predictor.advance(tokens) }
    let result = MatrixView(
      start: mean.start, rowCount: tokens.count, columnCount: logits[0].columnCount)
    processor.team.forEachRange(of: tokens.count) { rows, _ in
      for row in rows {
        EnsembleAverage.logits(
          logits.map { UnsafePointer($0.row(row)) }, count: result.columnCount,
          into: result.row(row))
      }
    }
    return result
  }

  /// The state of each network after the last step of one text.
  public func states(of text: Int) -> [RecurrentState] {
    batches.map { $0.predictor.state(of: text) }
  }

  /// Replaces the state of each text i by that of text `sources[i]`, as beam search needs it.
  public mutating func select(_ sources: [Int]) {
    for batch in batches { batch.predictor.select(sources) }
  }
}
