import Evaluation
import Kernels
import ModelFiles
import Tokenization
import Training

/// A comparison of a trained model with a table of counts on a text that the model has not read.
///
/// Both predict the second half of the beginning of the text after its first half. The table is the
/// best n-gram model of that half.
struct BaseModelTrial {
  let natsPerCharacter: Double
  let tableNatsPerCharacter: Double

  private static let longestHalf = 4_096
  private static let shortestHalf = 50
  private static let maximumOrder = 6

  /// Whether training from the model gives a better model than training from random weights.
  var isHelpful: Bool { natsPerCharacter < tableNatsPerCharacter }

  /// - Returns: nil if the text is too short to compare anything.
  /// - Throws: `TokenizationError` or `StorageError`.
  init?(
    _ model: TextModel, on source: TextSource, invalidUTF8: InvalidUTF8Policy, processor: Processor
  ) throws {
    var reader = try TextReader(source, invalidUTF8: invalidUTF8)
    let scalars =
      try reader.next {
        Array(String(decoding: $0, as: UTF8.self).unicodeScalars.prefix(2 * Self.longestHalf))
      } ?? []
    let middle = scalars.count / 2
    guard middle >= Self.shortestHalf else { return nil }
    func text(_ scalars: ArraySlice<Unicode.Scalar>) -> TextSource {
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      return .text(text, name: source.name)
    }
    let (first, second) = (text(scalars[..<middle]), text(scalars[middle...]))
    let tokenizer = model.tokenizer
    var evaluator = Evaluator(model, processor: processor)
    let end = EndOfText(after: middle)
    _ = try evaluator.evaluate(text(scalars[...]), observers: [end])
    var counts = NGramCounts(
      maximumOrder: Self.maximumOrder, documents: tokenizer.configuration.documents)
    _ = try counts.append([first], tokenizer: tokenizer)
    let table = NGramModel(counts, alphabetSize: tokenizer.alphabetSize)
    let tableNats = try table.nats(of: second, tokenizer: tokenizer).min()!
    let count = Double(scalars.count - middle)
    natsPerCharacter = end.nats / count
    tableNatsPerCharacter = tableNats / count
  }
}

/// Adds up the nats of a text, except for its first characters.
private final class EndOfText: ScoreObserver {
  let candidateCount = 0
  private var charactersBefore: Int
  private(set) var nats = 0.0

  init(after count: Int) { charactersBefore = count }

  func beginText(named name: String) {}
  func endText(_ result: EvaluationResult) {}

  func append(_ units: [ScoredUnit]) {
    for unit in units {
      if charactersBefore <= 0 { nats += unit.nats }
      charactersBefore -= unit.characterCount
    }
  }
}

extension Train {
  /// The built-in model, if settings are to be chosen, none is given that contradicts it, and it
  /// knows texts like these.
  /// - Throws: `TokenizationError` or `StorageError`.
  func builtInBase(
    for texts: TrainingTexts, processor: Processor
  ) throws -> (archive: SafetensorsArchive, model: TextModel)? {
    guard files.from == nil, try (trainingOptions.budget()?.unit ?? .minutes) == .minutes,
      networkOptions.isUnset, initializationOptions.isUnset
    else { return nil }
    let archive = try BuiltInModel.english.archive()
    let model = try TextModel(archive, processor: processor)
    guard tokenizerOptions.configuration() == model.tokenizer.configuration,
      let trial = try BaseModelTrial(
        model, on: texts.sources[0], invalidUTF8: texts.invalidUTF8, processor: processor)
    else { return nil }
    let figures =
      "(\(trial.natsPerCharacter.fixed(2)) nats per character; a table that counts its beginning, "
      + "\(trial.tableNatsPerCharacter.fixed(2)))"
    guard trial.isHelpful else {
      shared.note(
        "Starting from nothing: the built-in model 'english' does not know such a text \(figures).")
      return nil
    }
    shared.note(
      "Starting from the built-in model 'english', which knows such texts \(figures); "
        + "--from none starts from nothing.")
    return (archive, model)
  }
}
