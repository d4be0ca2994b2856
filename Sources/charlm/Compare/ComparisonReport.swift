import Evaluation
import Tokenization

/// The figures of several models on the same texts, and their differences, for people or for
/// programs.
struct ComparisonReport {
  let modelNames: [String]
  let comparison: ModelComparison
  /// Of two models with the same tokens.
  let function: FunctionDifference?

  // MARK: For people

  var table: String {
    let best = comparison.best
    let rows = modelNames.indices.map { model in
      cells(model) + (model == best ? ["", "", "best"] : differenceCells(model, best))
    }
    return TextTable.columns([Self.headings] + rows)
  }

  private static let headings = [
    "model", "nats per character", "bits per character", "unknown", "more than the best",
    "standard error", "verdict",
  ]

  private func cells(_ model: Int) -> [String] {
    let result = comparison.results[model]
    return [
      visible(modelNames[model], keepingSpaces: true), result.natsPerCharacter.fixed(4),
      result.bitsPerCharacter.fixed(4), result.unknownCharacters.grouped,
    ]
  }

  private func differenceCells(_ model: Int, _ best: Int) -> [String] {
    let difference = comparison.difference(of: model, and: best)
    let verdict =
      switch difference.isSignificant {
      case true?: "worse"
      case false?: "no difference"
      case nil: "text too short"
      }
    return [
      difference.natsPerCharacter.fixed(5), difference.standardError?.fixed(5) ?? "", verdict,
    ]
  }

  var note: String {
    let characters = comparison.results[0].characters.grouped
    let blocks = comparison.blocks
    let size = blocks.characters.grouped
    return "\(characters) characters in \(blocks.count.grouped) blocks of \(size)"
      + (functionNote.map { "\n\($0)" } ?? "")
  }

  private var functionNote: String? {
    function.map {
      "Over the first \($0.tokenCount.grouped) tokens the logits differ by at most "
        + "\($0.largestOfLogits.significant), the nats by \($0.largestOfNats.significant): "
        + ($0.isRounding ? "the same function." : "two functions.")
    }
  }

  // MARK: For programs

  var json: JSONLine {
    let total = comparison.results[0]
    let best = comparison.best
    let models = modelNames.indices.map { model in
      let result = comparison.results[model]
      return JSONLine([
        ("file", modelNames[model]), ("nats", result.nats),
        ("nats_per_character", result.natsPerCharacter),
        ("bits_per_character", result.bitsPerCharacter), ("bits_per_byte", result.bitsPerByte),
        ("unknown_characters", result.unknownCharacters), ("best", model == best),
      ])
    }
    let blocks = comparison.blocks
    return JSONLine([
      ("characters", total.characters), ("bytes", total.bytes), ("models", models),
      ("differences", differences),
      (
        "function",
        function.map {
          JSONLine([
            ("tokens", $0.tokenCount), ("largest_logit_difference", $0.largestOfLogits),
            ("largest_nats_difference", $0.largestOfNats), ("same", $0.isRounding),
          ])
        }
      ), ("blocks", blocks.count),
      ("characters_per_block", blocks.characters), ("peak_memory_bytes", PeakMemory.byteCount),
    ])
  }

  /// Each pair of models once, in the order of the command line.
  private var differences: [JSONLine] {
    modelNames.indices.flatMap { first in
      modelNames.indices.filter { $0 > first }.map { second in
        let difference = comparison.difference(of: first, and: second)
        return JSONLine([
          ("first", modelNames[first]), ("second", modelNames[second]),
          ("nats_per_character", difference.natsPerCharacter),
          ("standard_error", difference.standardError), ("differ", difference.isSignificant),
        ])
      }
    }
  }
}
