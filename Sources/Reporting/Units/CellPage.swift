import Diagnosis
import Evaluation
import Storage
import Tokenization

/// A self-contained page that shows what single units of a layer do along a text: each character on
/// a background tinted by the unit's state, gates as strips below it, and a list of the units by
/// the feature that they follow.
///
/// States are drawn in -1...1: a vector with larger numbers is divided by its largest magnitude.
package struct CellPage {
  private let title: String
  private let trace: CellTrace

  /// The most numbers on a page, two bytes each.
  package static let numberLimit = 4_000_000
  /// The length from which a paragraph ends with a line, and the length at which it ends anywhere.
  private static let (paragraphLength, paragraphLimit) = (1_500, 6_000)
  /// Two digits of base 36.
  private static let largestCode: Float = 1_295

  /// - Parameter title: the page's title, in plain text.
  /// - Precondition: the trace has a unit and no more than `numberLimit` numbers.
  package init(title: String, trace: CellTrace) {
    self.title = title
    self.trace = trace
  }

  /// Writes the page.
  /// - Parameter figures: names and values, in plain text.
  /// - Throws: `StorageError`.
  package func write(to path: String, figures: [(String, String)]) throws {
    try FileWriter.replace(path: path, with: html(figures: figures))
  }

  package func html(figures: [(String, String)]) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Markup.content(title))</title>
    <style>\(SurprisalPageParts.style)\(CellPageParts.style)</style></head><body><main>
    <h1>\(Markup.content(title))</h1>
    <table class=figures>\(figures.map(Self.row).joined())</table>
    <h2>The units</h2>
    <p class=note>Choose a unit. <input id=find type=search placeholder="feature or number"
    aria-label="Search the units"></p>
    <div class=list><table class=costs><thead><tr><th>unit</th><th>follows</th><th>r</th></tr></thead>
    <tbody id=units>\(trace.units.indices.map(unitRow).joined())</tbody></table></div>
    <h2>The text</h2>
    <p class=controls>\(controls)</p>
    \(CellPageParts.legend)
    \(text)</main>
    <div id="tip" role="status" hidden></div>
    <noscript><p class=note>The colors need JavaScript.</p></noscript>
    <script>
    const vectors=[\(trace.vectors.map { Markup.scriptString($0.letter) }.joined(separator: ","))];
    const gates=[\(trace.vectors.map { $0.isGate ? "1" : "0" }.joined(separator: ","))];
    const units=[\(trace.units.map { "\($0.index)" }.joined(separator: ","))];
    const data=[\(trace.units.map(Self.encoded).joined(separator: ",\n"))];
    \(CellPageParts.script)
    </script></body></html>

    """
  }

  private static func row(_ name: String, _ value: String) -> String {
    "<tr><th>\(Markup.content(name))</th><td>\(Markup.content(value))</td></tr>\n"
  }

  // MARK: The units

  private func unitRow(_ position: Int) -> String {
    let unit = trace.units[position]
    let follows = unit.follows.map { Markup.content("\($0.feature.rawValue) (\($0.vector))") }
    let correlations = unit.follows.map { signed($0.correlation) }
    let tint = trace.vectors.firstIndex { $0.letter == unit.follows.first?.vector } ?? 0
    return
      "<tr><td><button data-unit=\(position) data-tint=\(tint)>unit \(unit.index)</button></td>"
      + "<td>\(follows.isEmpty ? "nothing" : follows.joined(separator: "<br>"))</td>"
      + "<td>\(correlations.joined(separator: "<br>"))</td></tr>\n"
  }

  /// A choice of the tinted vector among those of the state, and a switch for each other one.
  private var controls: String {
    trace.vectors.enumerated().map { position, vector in
      let isState = CellPageParts.stateLetters.contains(vector.letter)
      let kind = isState ? "type=radio name=tint" : "type=checkbox"
      return "<label><input \(kind) data-vector=\(position)\(position == 0 ? " checked" : "")> "
        + "\(CellPageParts.name(of: vector.letter))</label>"
    }.joined(separator: "\n")
  }

  /// For each vector its scale and its numbers, two digits of base 36 each.
  private static func encoded(_ unit: CellUnit) -> String {
    let vectors = unit.values.map { values in
      let scale = values.reduce(1) { max($0, abs($1)) }
      var digits: [UInt8] = []
      digits.reserveCapacity(2 * values.count)
      for value in values {
        let code = Int(((value / scale + 1) / 2 * largestCode).rounded())
        digits.append(digit(code / 36))
        digits.append(digit(code % 36))
      }
      return "[\(scale),\"\(String(decoding: digits, as: UTF8.self))\"]"
    }
    return "[\(vectors.joined(separator: ","))]"
  }

  private static func digit(_ number: Int) -> UInt8 {
    UInt8(number < 10 ? 48 + number : 87 + number)
  }

  // MARK: The text

  /// The characters, one element each; `data-first` is the number of characters before a paragraph.
  private var text: String {
    var text = ""
    var length = 0
    for (index, character) in trace.characters.enumerated() {
      if length == 0 { text += "<p class=text><span class=t data-first=\(index)>" }
      length += 1
      text += UnitMarkup(ScoredUnit(spelling: character, characterCount: 1, nats: 0)).html
      let limit = character == "\n" ? Self.paragraphLength : Self.paragraphLimit
      if length >= limit || index == trace.characters.count - 1 {
        text += "</span></p>\n"
        length = 0
      }
    }
    return text
  }

  private func signed(_ number: Double) -> String {
    (number < 0 ? "" : "+") + ChartAxis.text(number, digits: 2)
  }
}
