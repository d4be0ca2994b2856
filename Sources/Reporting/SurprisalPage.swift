import Evaluation
import Glibc
import Storage
import Tokenization

/// A self-contained page that shows where a model fails: the texts, each character on a background
/// that is warmer the more it cost, the likeliest candidates at the character under the pointer, a
/// histogram, and what cost most.
///
/// The texts are shown up to a limit, so that page and memory stay bounded; everything else covers
/// all of them.
package final class SurprisalPage: ScoreObserver {
  package let candidateCount: Int
  private let title: String
  private let names: TokenNames
  private let characterLimit: Int
  private var textNames: [String] = []
  private var results: [EvaluationResult] = []
  private var cutter = PassageCutter(text: 0)
  private var costs = CharacterCosts()
  private var hardest = HardestPassages(count: 10)
  private var body = ""
  private var encoding: ScoreEncoding
  private var shownCharacters = 0
  /// Characters of the current text that are on the page.
  private var shownCharactersOfText = 0
  private var paragraphCharacters = 0
  private var isInParagraph = false

  /// The number of candidates that the page names.
  package static let candidateLimit = 5
  /// The most characters whose text is shown.
  package static let characterLimit = 200_000
  /// The length from which a paragraph ends with a line, and the length at which it ends anywhere.
  private static let (paragraphLength, paragraphLimit) = (1_500, 6_000)

  /// - Parameter title: the page's title, in plain text.
  package init(title: String, names: TokenNames, characterLimit: Int = characterLimit) {
    self.title = title
    self.names = names
    self.characterLimit = characterLimit
    candidateCount = min(Self.candidateLimit, names.names.count)
    encoding = ScoreEncoding(
      candidateCount: candidateCount, vocabularySize: names.names.count)
  }

  package func beginText(named name: String) {
    cutter = PassageCutter(text: textNames.count)
    textNames.append(name)
    shownCharactersOfText = 0
    body += "<h3>\(Markup.content(visible(name, keepingSpaces: true)))</h3>\n"
  }

  package func append(_ units: [ScoredUnit]) {
    for unit in units {
      costs.add(unit)
      if let passage = cutter.append(unit) { add(passage) }
    }
  }

  package func endText(_ result: EvaluationResult) {
    if let passage = cutter.finish() { add(passage) }
    endParagraph()
    results.append(result)
    if shownCharactersOfText < result.characters {
      body +=
        "<p class=note>Shown are the first \(shownCharactersOfText) of "
        + "\(result.characters) characters; figures, histogram and lists are of all of them.</p>\n"
    }
  }

  /// Writes the page.
  /// - Parameter figures: names and values, in plain text.
  /// - Throws: `StorageError`.
  package func write(to path: String, figures: [(String, String)]) throws {
    try FileWriter.replace(path: path, with: html(figures: figures))
  }

  // MARK: The texts

  private func add(_ passage: Passage) {
    hardest.consider(passage)
    guard shownCharacters + passage.characterCount <= characterLimit else {
      // Text after a gap would look as if it followed directly.
      shownCharacters = characterLimit
      return
    }
    shownCharacters += passage.characterCount
    shownCharactersOfText += passage.characterCount
    if !isInParagraph { body += "<p class=text>" }
    isInParagraph = true
    body += markup(passage)
    paragraphCharacters += passage.characterCount
    if paragraphCharacters >= (passage.endsLine ? Self.paragraphLength : Self.paragraphLimit) {
      endParagraph()
    }
  }

  private func endParagraph() {
    if isInParagraph { body += "</p>\n" }
    isInParagraph = false
    paragraphCharacters = 0
  }

  /// The characters of a passage, one element each; `data-first` is the number of characters before
  /// it on the page.
  private func markup(_ passage: Passage) -> String {
    var text = "<span class=t data-first=\(encoding.count)>"
    for unit in passage.units {
      text += UnitMarkup(unit).html
      encoding.append(unit)
    }
    return text + "</span>"
  }

  // MARK: The page

  package func html(figures: [(String, String)]) -> String {
    let lists = hardestList + costliestTable
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(Markup.content(title))</title>
      <style>\(SurprisalPageParts.style)</style></head><body><main>
      <h1>\(Markup.content(title))</h1>
      <table class=figures>\(figures.map(Self.row).joined())</table>
      <h2>How the bits are spread</h2>
      <p class=note><span class="key characters"></span> share of the characters,
      <span class="key bits"></span> share of all bits, by the bits that a character cost</p>
      \(SurprisalHistogram(costs: costs).svg)
      \(lists)
      <h2>The text</h2>
      \(body)</main>
      <div id="tip" role="status" hidden></div>
      <script>
      const names=[\(names.names.map(Self.scriptName).joined(separator: ","))];
      const width=\(encoding.tokenWidth),count=\(candidateCount);
      const data="\(encoding.text)";
      \(SurprisalPageParts.script)
      </script></body></html>

      """
  }

  private static func row(_ name: String, _ value: String) -> String {
    "<tr><th>\(Markup.content(name))</th><td>\(Markup.content(value))</td></tr>\n"
  }

  private static func scriptName(_ name: String) -> String {
    Markup.scriptString(UnitMarkup.label(name))
  }

  private var hardestList: String {
    let items = hardest.passages.map { passage in
      let place =
        (textNames.count > 1 ? visible(textNames[passage.text], keepingSpaces: true) + ", " : "")
        + "line \(passage.line)"
      return "<li><p class=note>\(oneDecimal(passage.bitsPerCharacter)) bits a character; "
        + "\(Markup.content(place))</p><p class=text>\(markup(passage))</p></li>\n"
    }
    return "<h2>The hardest passages</h2>\n\(SurprisalPageParts.legend)\n"
      + "<ol>\(items.joined())</ol>\n"
  }

  private var costliestTable: String {
    let rows = costs.costliest(15).map { spelling, sum in
      let name = spelling.map(UnitMarkup.label) ?? "all units outside the vocabulary"
      return "<tr><td>\(Markup.content(name))</td><td>\(sum.count)</td>"
        + "<td>\(oneDecimal(sum.bits / Double(sum.count)))</td>"
        + "<td>\(oneDecimal(100 * sum.bits / max(costs.total.bits, .leastNonzeroMagnitude))) "
        + "%</td></tr>\n"
    }
    return "<h2>The characters that cost most</h2>\n<table class=costs><tr><th>character</th>"
      + "<th>times</th><th>bits each</th><th>of all bits</th></tr>\n\(rows.joined())</table>\n"
  }
}
