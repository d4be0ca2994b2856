import Evaluation
import NGrams
import Tokenization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What simpler models that know the same training text make of the evaluated texts: whether a model is any good.
struct Baselines {
  private struct Row {
    let name: String
    let bits: Double
  }

  private let rows: [Row]
  private let total: EvaluationResult
  private let countedCharacters: Int
  private let isCountedWhole: Bool

  /// The highest order of the n-gram models.
  private static let maximumOrder = 8
  /// The most different n-grams that are counted: about half a gigabyte.
  private static let limit = 1 << 23

  /// - Parameter total: what the model made of all `texts`.
  /// - Throws: `TokenizationError` or `StorageError`.
  init(
    training: [TextSource], texts: [TextSource], total: EvaluationResult, tokenizer: Tokenizer,
    invalidUTF8: InvalidUTF8Policy
  ) throws {
    var counts = NGramCounts(maximumOrder: Self.maximumOrder)
    (countedCharacters, isCountedWhole) = try counts.append(
      training, tokenizer: tokenizer, invalidUTF8: invalidUTF8, limit: Self.limit)
    // The end of a text never comes in its midst.
    let model = NGramModel(counts, alphabetSize: tokenizer.vocabularySize - 1)
    var nats = [Double](repeating: 0, count: 1 + Self.maximumOrder)
    for text in texts {
      let ofText = try model.nats(of: text, tokenizer: tokenizer, invalidUTF8: invalidUTF8)
      for order in nats.indices { nats[order] += ofText[order] }
    }
    self.total = total
    rows =
      try nats.enumerated().map { order, nats in
        Row(name: Self.name(ofOrder: order), bits: nats / log(2))
      } + Self.compressed(training: training, texts: texts)
  }

  private static func name(ofOrder order: Int) -> String {
    switch order {
    case 0: "uniform alphabet"
    case 1: "character frequencies"
    default: "\(order)-gram"
    }
  }

  /// - Returns: no rows where there is no program `xz`.
  private static func compressed(training: [TextSource], texts: [TextSource]) throws -> [Row] {
    guard let alone = try XZ.compressedByteCount(of: texts),
      let known = try XZ.compressedByteCount(of: training),
      let both = try XZ.compressedByteCount(of: training + texts)
    else { return [] }
    return [
      Row(name: "\(XZ.name) after the training text", bits: 8 * Double(both - known)),
      Row(name: "\(XZ.name) without it", bits: 8 * Double(alone)),
    ]
  }

  // MARK: For people

  var table: String {
    let model = Row(name: "this model", bits: total.nats / log(2))
    let lines = (rows + [model]).sorted { $0.bits > $1.bits }.map { row in
      [
        row.name, (row.bits / Double(total.characters)).fixed(4),
        (row.bits / Double(total.bytes)).fixed(4),
      ]
    }
    return "\n"
      + EvaluationReport.aligned([["", "bits per character", "bits per byte"]] + lines)
  }

  var notes: [String] {
    var notes: [String] = []
    if !rows.contains(where: { $0.name.hasPrefix(XZ.name) }) {
      notes.append("There is no program xz that works on this machine: its rows are left out.")
    }
    if !isCountedWhole {
      notes.append(
        "The n-grams are those of the first \(countedCharacters.grouped) characters of the training text: "
          + "more would take too much memory.")
    }
    return notes
  }

  // MARK: For programs

  var fields: [(name: String, value: (any Encodable)?)] {
    [
      (
        "baselines",
        rows.map { row in
          JSONLine([
            ("name", row.name), ("bits_per_character", row.bits / Double(total.characters)),
            ("bits_per_byte", row.bits / Double(total.bytes)),
          ])
        }
      ),
      ("baseline_characters", countedCharacters), ("baselines_complete", isCountedWhole),
    ]
  }
}
