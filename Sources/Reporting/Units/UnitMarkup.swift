import Evaluation
import Glibc
import Tokenization

/// One character on the page of a surprisal map: `<i>` with a class for its level, `b` to `h`, and
/// further classes: `x` unknown, `n` the end of a line, `k` shown by its code point.
struct UnitMarkup {
  let html: String

  private static let levels = ["", "b", "c", "d", "e", "f", "g", "h"]

  init(_ unit: ScoredUnit) {
    let level = Self.levels[SurprisalLevel(bits: unit.nats / log(2)).rank]
    var classes = level.isEmpty ? [] : [level]
    if unit.isUnknown { classes.append("x") }
    var content = unit.spelling
    if content == "\n" {
      classes.append("n")
    } else if content != "\t", content != " ",
      content.unicodeScalars.contains(where: { !isVisible($0) }),
      !(content.unicodeScalars.count > 1 && isVisible(content.unicodeScalars.first!))
    {
      classes.append("k")
      content = visible(content)
    }
    let attribute =
      classes.count > 1
      ? " class=\"\(classes.joined(separator: " "))\"" : classes.first.map { " class=\($0)" } ?? ""
    html = "<i\(attribute)>\(Markup.content(content))</i>"
  }

  /// The label of a unit or token outside a text.
  static func label(_ spelling: String) -> String {
    switch spelling {
    case " ": "space"
    case "\n": "end of line"
    case "\t": "tab"
    default: visible(spelling)
    }
  }
}
