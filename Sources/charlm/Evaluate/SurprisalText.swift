import Evaluation
import Glibc
import Reporting
import Tokenization

/// Prints the evaluated texts as they are read, with a background color that gets warmer the more a
/// character cost.
///
/// Letters on it are black, so that light and dark terminals look the same.
final class SurprisalText: ScoreObserver {
  let candidateCount = 0
  private let hasColor: Bool
  private let showsNames: Bool
  private var endsWithNewline = true

  /// Pale yellow to red among xterm's 256 colors; the first level has no background.
  private static let backgrounds = [230, 229, 222, 215, 208, 202, 196]
  private static let plain = "\u{1B}[0m"

  /// - Parameter showsNames: whether a line with its name precedes each text.
  init(hasColor: Bool, showsNames: Bool) {
    self.hasColor = hasColor
    self.showsNames = showsNames
  }

  func beginText(named name: String) throws {
    if showsNames { try StandardOutput.write("--- \(visible(name, keepingSpaces: true)) ---\n") }
    endsWithNewline = true
  }

  func append(_ units: [ScoredUnit]) throws {
    var text = ""
    var run = ""
    var runLevel = SurprisalLevel.all[0]
    for unit in units {
      let level = SurprisalLevel(bits: unit.nats / log(2))
      if level != runLevel || unit.spelling == "\n" {
        text += tinted(run, runLevel)
        run = ""
        runLevel = level
      }
      if unit.spelling == "\n" {
        // Marks a line end that surprised; the background must not extend to the edge.
        if hasColor, level > SurprisalLevel.all[0] { text += tinted("↵", level) }
        text += "\n"
        continue
      }
      run += harmless(unit.spelling)
    }
    try StandardOutput.write(text + tinted(run, runLevel))
    endsWithNewline = units.last?.spelling == "\n"
  }

  func endText(_ result: EvaluationResult) throws {
    try StandardOutput.write((endsWithNewline ? "" : "\n") + "\n")
  }

  /// The range of bits of each background color.
  var legend: String {
    guard hasColor else { return "" }
    return SurprisalLevel.all.map { tinted(" \($0.range) ", $0) }.joined() + " bits\n\n"
  }

  private func tinted(_ text: String, _ level: SurprisalLevel) -> String {
    guard hasColor, level.rank > 0, !text.isEmpty else { return text }
    return "\u{1B}[38;5;16;48;5;\(Self.backgrounds[level.rank - 1])m\(text)\(Self.plain)"
  }
}
