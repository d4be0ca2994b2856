import Kernels
import RecurrentNetwork
import Tokenization

/// Texts that models continue side by side; they join and leave between steps.
///
/// A step reads the last token of each text and chooses its next one: one product for all texts,
/// and their choices on all threads. Each text is the same as it would be alone.
package struct TextBatch: ~Copyable {
  package private(set) var texts: [BatchedText] = []
  private var batch: EnsembleBatch
  private let weights: [NetworkWeights]
  private let processor: Processor

  /// A batch without texts.
  /// - Precondition: the models have one tokenizer, and were read for the processor's instruction
  ///   set.
  package init(_ weights: [NetworkWeights], processor: Processor) {
    self.weights = weights
    self.processor = processor
    batch = EnsembleBatch(weights, states: [], processor: processor)
  }

  /// Adds texts that continue from `states`, and chooses the first token of each.
  /// - Parameters:
  ///   - states: the state of each model after the text before.
  ///   - logits: the models' logits after the text before, [V].
  package mutating func join(
    _ texts: [BatchedText], after states: [RecurrentState], logits: [Float]
  ) {
    var logits = logits
    logits.withUnsafeMutableBufferPointer { logits in
      // The same row for all texts.
      choose(
        texts,
        MatrixView(
          start: logits.baseAddress!, rowCount: texts.count, columnCount: logits.count, stride: 0))
    }
    rejoin(texts, from: texts.map { _ in states })
  }

  /// Adds texts that left, or whose first token was chosen.
  /// - Parameter states: for each text, the state of each model before its last token.
  package mutating func rejoin(_ texts: [BatchedText], from states: [[RecurrentState]]) {
    let before = self.texts.indices.map { batch.states(of: $0) }
    self.texts += texts
    batch = EnsembleBatch(weights, states: before + states, processor: processor)
  }

  /// Removes texts.
  package mutating func leave(where leaves: (BatchedText) -> Bool) {
    let staying = texts.indices.filter { !leaves(texts[$0]) }
    guard staying.count < texts.count else { return }
    let states = staying.map { batch.states(of: $0) }
    texts = staying.map { texts[$0] }
    batch = EnsembleBatch(weights, states: states, processor: processor)
  }

  /// Advances each text by a token; a complete text does not change.
  /// - Precondition: there is a text.
  package mutating func step() {
    choose(texts, batch.step(texts.map(\.continuation.token)))
  }

  /// The state of each model before the last token of a text.
  package func states(of text: Int) -> [RecurrentState] { batch.states(of: text) }

  /// Chooses a token of each text by its row of logits, [B x V].
  private func choose(_ texts: [BatchedText], _ logits: MatrixView) {
    let kernels = processor.kernels
    processor.team.forEachRange(of: texts.count) { range, _ in
      for text in range {
        texts[text].choose(
          UnsafeBufferPointer(start: logits.row(text), count: logits.columnCount), kernels)
      }
    }
  }
}

/// A text of a batch: its tokens so far, and how the next one is chosen.
///
/// It is a class because an array cannot hold noncopyable samplers.
package final class BatchedText {
  package private(set) var continuation: Continuation
  private var sampler: Sampler
  /// The number of most likely tokens to record with each chosen one; nil to record no scores.
  private let candidateCount: Int?
  private var scores: [TokenScore] = []

  init(_ continuation: Continuation, sampler: consuming Sampler, candidateCount: Int? = nil) {
    self.continuation = continuation
    self.sampler = sampler
    self.candidateCount = candidateCount
  }

  fileprivate func choose(_ logits: UnsafeBufferPointer<Float>, _ kernels: KernelSet) {
    guard !continuation.isComplete else { return }
    let natsBefore = continuation.nats
    continuation.append(by: logits, sampler: &sampler, kernels: kernels)
    guard let candidateCount, !continuation.hasLeftPattern else { return }
    scores.append(
      TokenScore(
        token: continuation.token, nats: continuation.nats - natsBefore,
        candidates: TokenScore.candidates(logits, count: candidateCount)))
  }

  /// The text that was added since the last call.
  package func takeNewText() -> String { continuation.takeNewText() }

  /// The scores of the tokens that were chosen since the last call.
  package func takeScores() -> [TokenScore] {
    defer { scores.removeAll(keepingCapacity: true) }
    return scores
  }
}

/// A token, how likely a model thought it, and what it thought most likely in its place.
package struct TokenScore: Sendable, Equatable {
  package let token: TokenID
  /// -log p under the model's own distribution.
  package let nats: Double
  /// The most likely tokens with their -log p, the most likely one first.
  package let candidates: [(token: TokenID, nats: Double)]

  package init(token: TokenID, nats: Double, candidates: [(token: TokenID, nats: Double)]) {
    self.token = token
    self.nats = nats
    self.candidates = candidates
  }

  package static func == (left: TokenScore, right: TokenScore) -> Bool {
    left.token == right.token && left.nats == right.nats
      && left.candidates.elementsEqual(right.candidates) { $0 == $1 }
  }

  /// The `count` most likely tokens by their logits, of equal ones those of lower ids.
  package static func candidates(
    _ logits: UnsafeBufferPointer<Float>, count: Int
  ) -> [(token: TokenID, nats: Double)] {
    guard count > 0 else { return [] }
    let normalizer = logSumExp(logits)
    var best: [(token: TokenID, logit: Float)] = []
    for (token, logit) in logits.enumerated() {
      if best.count == count, !(logit > best.last!.logit) { continue }
      let rank = best.firstIndex { logit > $0.logit } ?? best.count
      best.insert((TokenID(token), logit), at: rank)
      if best.count > count { best.removeLast() }
    }
    return best.map { ($0.token, normalizer - Double($0.logit)) }
  }
}
