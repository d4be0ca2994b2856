import Diagnosis
import RecurrentNetwork
import Tokenization

/// The correlations of a `CellDiagnosis`, as a table for people and as JSON.
struct CellReport {
  let diagnosis: CellDiagnosis
  let modelName: String

  private static let matchCount = 3
  private static let unitCount = 10

  /// What the table is about, for a heading or a page.
  var figures: [(String, String)] {
    let network = diagnosis.network
    let count = diagnosis.text.characterCount
    let shape = "\(network.cell.rawValue), \(network.layerCount) x \(network.hiddenSize)"
    return [
      ("model", visible(modelName, keepingSpaces: true) + ", " + shape),
      ("text", visible(diagnosis.text.name, keepingSpaces: true)),
      (
        "characters",
        count.grouped + (diagnosis.text.isCut ? ", the beginning of the text" : "")
      ),
    ]
  }

  func print(asJSON isJSON: Bool) throws {
    guard !isJSON else {
      let layers = diagnosis.layers.map { LayerFigures($0, matchCount: Self.matchCount) }
      try JSONLine([
        ("text", diagnosis.text.name), ("characters", diagnosis.text.characterCount),
        ("network", diagnosis.network), ("layers", layers),
      ]).print()
      return
    }
    let tables = diagnosis.layers.map(table).joined(separator: "\n")
    try StandardOutput.write(TextTable.pairs(figures) + "\n" + tables)
  }

  // MARK: Text

  private func table(_ layer: CellDiagnosis.Layer) -> String {
    let ranked = TextFeature.allCases.map { ($0, layer.matches(with: $0)) }
      .sorted { Self.strength($1.1) < Self.strength($0.1) }
    let features = ranked.map { feature, matches in
      let best = matches.prefix(Self.matchCount).map(Self.cell)
      return [feature.rawValue, layer.mean(of: feature).fixed(3)]
        + (0..<Self.matchCount).map { $0 < best.count ? best[$0] : "-" }
    }
    let units = (0..<layer.unitCount).compactMap { layer.best(ofUnit: $0) }
      .sorted {
        ($1.match.correlation.magnitude, $0.match.unit)
          < ($0.match.correlation.magnitude, $1.match.unit)
      }
      .prefix(Self.unitCount)
      .map { ["unit \($0.match.unit)", $0.feature.rawValue, Self.value($0.match)] }
    return "Layer \(layer.index), the best units for each feature, and their correlation:\n"
      + TextTable.columns([["feature", "mean", "best unit", "second", "third"]] + features)
      + "\nLayer \(layer.index), the units that follow one feature most closely:\n"
      + TextTable.columns([["unit", "feature", "correlation"]] + units)
  }

  private static func strength(_ matches: [CellDiagnosis.Match]) -> Double {
    matches.first?.correlation.magnitude ?? -1
  }

  private static func cell(_ match: CellDiagnosis.Match) -> String {
    "\(match.unit) \(value(match))"
  }

  private static func value(_ match: CellDiagnosis.Match) -> String {
    match.vector.rawValue + " " + (match.correlation < 0 ? "" : "+") + match.correlation.fixed(2)
  }
}
