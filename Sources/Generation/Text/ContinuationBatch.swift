import Kernels
import Tokenization

/// A batch of texts being generated, whose tokens are chosen on all threads.
struct ContinuationBatch: ~Copyable {
  private var continuations: [Continuation]
  private let samplers: [OwnedSampler]
  private let processor: Processor

  /// A sampler has a workspace, so each thread needs its own.
  private final class OwnedSampler {
    var sampler: Sampler
    init(_ sampler: consuming Sampler) { self.sampler = sampler }
  }

  /// - Parameter continuations: at least one, all for the settings' sampler.
  init(
    _ continuations: [Continuation], _ settings: SamplerSettings, vocabularySize: Int,
    forbidden: Set<TokenID>, processor: Processor
  ) throws(GenerationSettingsError) {
    var samplers: [OwnedSampler] = []
    for _ in 0..<min(continuations.count, processor.team.threadCount) {
      samplers.append(
        OwnedSampler(
          try Sampler(settings, vocabularySize: vocabularySize, forbidden: forbidden)))
    }
    self.continuations = continuations
    self.samplers = samplers
    self.processor = processor
  }

  var isComplete: Bool { continuations.allSatisfy(\.isComplete) }
  /// The last chosen token of each text, see `Continuation`.
  var tokens: [TokenID] { continuations.map(\.token) }
  var results: [GenerationResult] { continuations.map(\.result) }
  /// Whether there is only one text and its next token may leave the pattern, see `Continuation`.
  var mayLeavePattern: Bool { continuations.count == 1 && continuations[0].mayLeavePattern }
  /// Whether the last token of the first text left the pattern.
  var hasLeftPattern: Bool { continuations[0].hasLeftPattern }

  /// Chooses a token of each text by its row of logits, [B x V].
  mutating func next(_ logits: MatrixView) {
    let (samplers, processor) = (samplers, processor)
    continuations.withUnsafeMutableBufferPointer { continuations in
      let start = continuations.baseAddress!
      processor.team.forEachRange(of: continuations.count) { texts, part in
        for text in texts {
          start[text].append(
            by: UnsafeBufferPointer(start: logits.row(text), count: logits.columnCount),
            sampler: &samplers[part].sampler, kernels: processor.kernels)
        }
      }
    }
  }

  /// Emits the text that the last chosen tokens added, text by text.
  func emit(_ emit: (_ text: Int, _ newText: String) throws -> Void) rethrows {
    for (text, continuation) in continuations.enumerated() where !continuation.newText.isEmpty {
      try emit(text, continuation.newText)
    }
  }
}
