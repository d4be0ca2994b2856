import Kernels
import ModelFiles
import Tokenization

/// Several models' code lengths of the same texts, and the differences stretch by stretch.
///
/// ```swift
/// import Evaluation
/// import Kernels
/// import ModelFiles
///
/// let comparison = try ModelComparison(models, on: [.file("text.txt")], processor: processor)
/// let difference = comparison.difference(of: 0, and: 1)
/// print(difference.natsPerCharacter, difference.standardError ?? .nan)
/// ```
///
/// The models may have different units, vocabularies and settings, as long as the normalized texts
/// are the same: then a stretch is the same characters for all of them. Memory is 24 bytes for each
/// 1,000 characters, and 8 for each further model.
public struct ModelComparison: Sendable {
  /// The code length of all texts together, by model.
  public private(set) var results: [EvaluationResult]
  /// The stretches of each text.
  private var stretches: [[Stretch]] = []
  /// The nats of each stretch, by model and text.
  private var nats: [[[Double]]]

  /// Scores each text with each model.
  /// - Parameters:
  ///   - models: One or more models.
  ///   - sources: One or more texts, each of which is read once for each model.
  ///   - invalidUTF8: What to do with bytes that are not UTF-8.
  ///   - processor: The instruction set and the threads to compute with.
  ///   - progress: Receives the position of the model that is scoring and its figures of the text
  ///     so far; an error that it throws ends the comparison.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what
  ///   `progress` throws.
  /// - Precondition: The models were read or made for the processor's instruction set.
  public init(
    _ models: [TextModel], on sources: [TextSource], invalidUTF8: InvalidUTF8Policy = .error,
    processor: Processor, progress: (Int, EvaluationResult) throws -> Void = { _, _ in }
  ) throws {
    try self.init(
      models, on: sources, invalidUTF8: invalidUTF8, processor: processor, makeScorer: nil,
      progress: progress)
  }

  /// - Parameter makeScorer: makes what scores the blocks of a long text; nil for this process alone.
  package init(
    _ models: [TextModel], on sources: [TextSource], invalidUTF8: InvalidUTF8Policy,
    processor: Processor, makeScorer: Evaluator.MakeScorer?,
    progress: (Int, EvaluationResult) throws -> Void
  ) throws {
    results = Array(repeating: EvaluationResult(), count: models.count)
    nats = Array(repeating: [], count: models.count)
    // Every cluster of scalars begins and ends between two scalars, but not the other way round.
    let isCluster = models.map { $0.tokenizer.configuration.unit == .grapheme }
    let order = models.indices.filter { isCluster[$0] } + models.indices.filter { !isCluster[$0] }
    for (text, source) in sources.enumerated() {
      for model in order {
        let recorder = StretchRecorder(
          model: model,
          following: model == order[0] ? nil : (model: order[0], stretches: stretches[text]))
        var evaluator = try Evaluator(
          [models[model]], processor: processor, makeScorer: makeScorer)
        results[model] += try evaluator.evaluate(
          source, invalidUTF8: invalidUTF8, observers: [recorder]
        ) { try progress(model, $0) }
        nats[model].append(recorder.nats)
        if model == order[0] { stretches.append(recorder.stretches) }
      }
    }
  }

  /// The model with the fewest nats; of equal ones the first.
  public var best: Int { results.indices.min { results[$0].nats < results[$1].nats } ?? 0 }

  /// The number of blocks that a difference's standard error is computed from, and the least number
  /// of characters of one.
  public var blocks: (count: Int, characters: Int) {
    let blocks = differences(of: 0, and: 0)
    return (blocks.count, blocks.charactersPerBlock)
  }

  /// The difference of two models, the first one's nats minus the second's.
  public func difference(of first: Int, and second: Int) -> PairedDifference {
    PairedDifference(differences(of: first, and: second))
  }

  private func differences(of first: Int, and second: Int) -> CodeLengthBlocks {
    var all = CodeLengthBlocks()
    for (text, stretches) in stretches.enumerated() {
      var blocks = CodeLengthBlocks()
      for (index, stretch) in stretches.enumerated() {
        blocks.add(
          nats: nats[first][text][index] - nats[second][text][index],
          characters: stretch.characters)
      }
      blocks.endText()
      all += blocks
    }
    return all
  }
}
