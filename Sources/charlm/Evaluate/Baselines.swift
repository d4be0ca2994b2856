import Evaluation
import Glibc
import Storage
import Tokenization

/// The scores of simpler models that know the same training text, to compare a model with.
struct Baselines {
  private struct Row {
    let name: String
    let bits: Double
  }

  private let rows: [Row]
  private let models: [(name: String, result: EvaluationResult)]
  /// The size of the texts.
  private let characters: Double
  private let bytes: Double
  private let countedCharacters: Int
  private let isCountedWhole: Bool
  /// Why there are no rows of xz; nil if there are.
  private let missingRows: String?
  private let trainingName: String

  /// The highest order of the n-gram models.
  private static let maximumOrder = 8
  /// The most distinct n-grams that are counted: about half a gigabyte.
  private static let limit = 1 << 23

  /// - Parameter models: each model's result on all `texts`; at least one.
  /// - Throws: `EvaluationError.emptyText`, `TokenizationError` or `StorageError`.
  init(
    training: [TextSource], texts: [TextSource], models: [(name: String, result: EvaluationResult)],
    tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy
  ) throws {
    var counts = NGramCounts(
      maximumOrder: Self.maximumOrder, documents: tokenizer.configuration.documents)
    (countedCharacters, isCountedWhole) = try counts.append(
      training, tokenizer: tokenizer, invalidUTF8: invalidUTF8, limit: Self.limit)
    guard countedCharacters > 0 else { throw EvaluationError.emptyText(name: training[0].name) }
    let model = NGramModel(counts, alphabetSize: tokenizer.alphabetSize)
    var nats = [Double](repeating: 0, count: 1 + Self.maximumOrder)
    for text in texts {
      let ofText = try model.nats(of: text, tokenizer: tokenizer, invalidUTF8: invalidUTF8)
      for order in nats.indices { nats[order] += ofText[order] }
    }
    self.models = models
    trainingName = training.count == 1 ? "'\(training[0].name)'" : "the texts of --baselines"
    characters = Double(models[0].result.characters)
    bytes = Double(models[0].result.bytes)
    let compressed = try Self.compressed(training: training, texts: texts)
    missingRows = compressed.missing
    rows =
      nats.enumerated().map { order, nats in
        Row(name: Self.name(ofOrder: order), bits: nats / log(2))
      } + compressed.rows
  }

  private static func name(ofOrder order: Int) -> String {
    switch order {
    case 0: "uniform alphabet"
    case 1: "character frequencies"
    default: "\(order)-gram"
    }
  }

  /// The rows of xz, or why there are none.
  private static func compressed(
    training: [TextSource], texts: [TextSource]
  ) throws -> (rows: [Row], missing: String?) {
    do {
      guard let alone = try XZ.compressedByteCount(of: texts),
        let known = try XZ.compressedByteCount(of: training),
        let both = try XZ.compressedByteCount(of: training + texts)
      else { return ([], "This machine has no program xz that works: its rows are omitted.") }
      let rows = [
        Row(name: afterTraining, bits: 8 * Double(both - known)),
        Row(name: withoutTraining, bits: 8 * Double(alone)),
      ]
      return (rows, nil)
    } catch StorageError.cannotCreate(let path, let reason) {
      let error = StorageError.cannotCreate(path: path, reason: reason)
      return ([], "The rows of xz are omitted. \(error)")
    }
  }

  private static let afterTraining = "\(XZ.name) after the training text"
  private static let withoutTraining = "\(XZ.name) without it"

  // MARK: For people

  /// The rows from worst to best; those of the model are marked.
  var table: String {
    let baselines = rows.map { Row(name: "  \($0.name)", bits: $0.bits) }
    let models = models.map { Row(name: "> \($0.name)", bits: $0.result.nats / log(2)) }
    let lines = (baselines + models).sorted { $0.bits > $1.bits }.map { row in
      [row.name, (row.bits / characters).fixed(4), (row.bits / bytes).fixed(4)]
    }
    return "\n"
      + TextTable.columns([["", "bits per character", "bits per byte"]] + lines)
  }

  var notes: [String] {
    var notes = [missingRows, overlap].compactMap { $0 }
    if !isCountedWhole {
      notes.append(
        "The n-grams are those of the first \(countedCharacters.grouped) characters of the "
          + "training text: "
          + "more would need too much memory.")
    }
    return notes
  }

  /// Below these bits a character, and below this share of what xz needs by itself, a text repeats
  /// its training text word by word.
  private static let (copiedBits, copiedShare) = (0.1, 0.25)

  /// A warning that the texts are not new.
  private var overlap: String? {
    func bits(_ name: String) -> Double? { rows.first { $0.name == name }?.bits }
    guard let after = bits(Self.afterTraining), let alone = bits(Self.withoutTraining),
      after < Self.copiedBits * characters, after < Self.copiedShare * alone
    else { return nil }
    return "xz needs only \((after / characters).fixed(4)) bits per character after "
      + "\(trainingName): the scored text seems to be a part of it, and then no figure here is one "
      + "of a new text."
  }

  // MARK: For programs

  var fields: JSONLine.Fields {
    [
      (
        "baselines",
        rows.map { row in
          JSONLine([
            ("name", row.name), ("bits_per_character", row.bits / characters),
            ("bits_per_byte", row.bits / bytes),
          ])
        }
      ),
      ("baseline_characters", countedCharacters), ("baselines_complete", isCountedWhole),
    ]
  }
}
