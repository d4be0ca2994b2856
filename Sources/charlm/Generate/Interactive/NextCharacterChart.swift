import Generation
import Tokenization

/// A bar chart of the most likely next characters.
///
/// ```
/// 'e'      31.2 %   38.0 %  ████████████████████
/// newline  12.0 %    9.1 %  ████████
/// 212 others 8.0 %
/// ```
package struct NextCharacterChart: Sendable {
  /// The lines of the chart.
  package let lines: [String]

  private static let rowCount = 10
  private static let figureWidth = 9

  /// - Parameters:
  ///   - characters: in order of decreasing probability.
  ///   - width: the columns of the screen.
  package init(_ characters: [NextCharacter], vocabulary: Vocabulary, width: Int) {
    let shown = characters.prefix(Self.rowCount)
    let names = shown.map { Self.name(of: $0.token, in: vocabulary) }
    let nameWidth = max(5, names.map { DisplayWidth.columns(of: $0) }.max() ?? 0)
    let room = max(0, min(40, width - nameWidth - 2 * Self.figureWidth - 3))
    let greatest = shown.first?.probability ?? 1
    var lines = [
      Self.padded("", nameWidth) + "model".rightAligned(Self.figureWidth, gap: 1)
        + "drawn".rightAligned(Self.figureWidth, gap: 1)
    ]
    for (name, character) in zip(names, shown) {
      let bar = Self.bar(
        greatest > 0 ? character.probability / greatest * Double(room) : 0)
      lines.append(
        Self.padded(name, nameWidth) + Self.percentage(character.probability)
          + Self.percentage(character.drawProbability) + (bar.isEmpty ? "" : "  " + bar))
    }
    let rest = characters.dropFirst(Self.rowCount)
    if !rest.isEmpty {
      lines.append(
        Self.padded("other", nameWidth)
          + Self.percentage(rest.reduce(0) { $0 + $1.probability })
          + Self.percentage(rest.reduce(0) { $0 + $1.drawProbability }))
    }
    self.lines = lines
  }

  private static func name(of token: TokenID, in vocabulary: Vocabulary) -> String {
    switch token {
    case Vocabulary.unknown: return "unknown"
    case Vocabulary.endOfText: return "end of text"
    default: break
    }
    let bytes = vocabulary.withUTF8(of: token) { Array($0) }
    if vocabulary.unit == .byte, bytes[0] >= 0x80 {
      return "byte " + String(bytes[0], radix: 16, uppercase: true)
    }
    switch vocabulary.spelling(of: token) {
    case " ": return "space"
    case "\n": return "newline"
    case "\t": return "tab"
    case let spelling:
      let name = visible(spelling)
      return name.utf8.elementsEqual(spelling.utf8) ? "'\(name)'" : name
    }
  }

  private static func percentage(_ share: Double) -> String {
    (share.isFinite ? (100 * share).fixed(1) + " %" : "-").rightAligned(figureWidth, gap: 1)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text.leftAligned(width, columns: DisplayWidth.columns(of: text))
  }

  /// A bar in eighths of a column.
  private static func bar(_ length: Double) -> String {
    guard length.isFinite, length > 0 else { return "" }
    let eighths = Int((length * 8).rounded())
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + part
  }
}
