import Evaluation
import Glibc
import Reporting

/// Prints the evaluated texts as they are read, each character on a ground the warmer the more it cost.
///
/// The ground comes with black letters, so that light and dark terminals show the same.
final class SurprisalText: ScoreObserver {
  let candidateCount = 0
  private let hasColor: Bool
  private let showsNames: Bool
  private var endsWithNewline = true

  /// From pale yellow to red among the 256 colors of xterm; none for the first level.
  private static let grounds = [230, 229, 222, 215, 208, 202, 196]
  private static let plain = "\u{1B}[0m"

  /// - Parameter showsNames: whether a line before each text says what it is called.
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
        // A mark where a line's end surprised; the ground must not run on to the edge.
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

  /// Which ground stands for how many bits.
  var legend: String {
    guard hasColor else { return "" }
    return SurprisalLevel.all.map { tinted(" \($0.range) ", $0) }.joined() + " bits\n\n"
  }

  private func tinted(_ text: String, _ level: SurprisalLevel) -> String {
    guard hasColor, level.rank > 0, !text.isEmpty else { return text }
    return "\u{1B}[38;5;16;48;5;\(Self.grounds[level.rank - 1])m\(text)\(Self.plain)"
  }
}
