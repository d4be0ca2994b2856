import Diagnosis
import Evaluation
import RecurrentNetwork
import Reporting
import Serving
import Tokenization

/// The body of a request to the server.
struct Request: FuzzTarget {
  let seeds: [[UInt8]] = [
    #"{"prompt": ["It was", [1, 2]], "max_tokens": 5, "n": 2, "logit_bias": {"3": -1.5}}"#,
    #"{"prompt": "a", "temperature": 0.5, "top_k": 3, "stop": ["\n"], "pattern": "[a-c]+", "seed": 1}"#,
    #"{"prompt": "a", "mirostat": 2, "stream": true, "stream_options": {"include_usage": true}}"#,
    #"{"text": "a cab\u00e9\ud83d\ude00", "units": [0, 2], "vector": "h", "candidates": 3}"#,
  ].map { Array($0.utf8) }
  private let network: NetworkConfiguration

  init() throws { network = try Sample().model.weights.configuration }

  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let body = try? JSONObject(bytes) else { return }
    _ = try? CompletionRequest(body, limits: CompletionLimits())
    guard let request = try? InspectionRequest(body, of: network) else { return }
    require(
      request.units.allSatisfy { $0 < network.hiddenSize }, "a unit that does not exist")
  }
}

/// Pages, charts and tables about a text: it must not change their structure.
struct Page: FuzzTarget {
  let seeds: [[UInt8]] = [
    "</script><b>&amp;\"'", "\t\r\n\\ \u{2028}\u{202E}\u{1B}[2J", "e\u{301}]]>\u{FFFF}\u{0}",
    "&\u{301}<\u{301}\"\u{301}",
  ].map { Array($0.utf8) }
  private let tokenizer: Tokenizer
  private let table = ScratchFile("table.tsv")
  private let commaTable = ScratchFile("table.csv")

  init() throws {
    tokenizer = try Tokenizer.fit(
      [.text("ab <&>\"\n", name: "text")], configuration: TokenizerConfiguration())
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes, as: UTF8.self)
    let title = visible(text, keepingSpaces: true)
    let units = text.enumerated().map { number, character in
      ScoredUnit(
        spelling: String(character), characterCount: 1, nats: Double(number % 40) / 4,
        isUnknown: number % 7 == 0, candidates: [Candidate(token: 2, probability: 0.5)])
    }
    let names = TokenNames(tokenizer)
    let page = SurprisalPage(title: text, names: names)
    page.beginText(named: text)
    page.append(units)
    page.endText(EvaluationResult(characters: units.count))
    check(page.html(figures: [(text, text)]), "page")
    let cell = CellUnit(index: 0, follows: [], values: [units.map { _ in 0.5 }])
    let trace = CellTrace(
      characters: units.map(\.spelling), vectors: [(letter: "h", isGate: false)], units: [cell])
    check(CellPage(title: text, trace: trace).html(figures: [(text, text)]), "page of units")
    let run = LossChart.Run(name: title, training: [(1, 2), (2, 1)], validation: [(2, 1.5)])
    check(LossChart(title: title, runs: [run]).svg, "chart")
    for file in [table, commaTable] {
      guard let surprisals = try? SurprisalTable(path: file.path, names: names) else {
        fatalError("no table")
      }
      surprisals.beginText(named: text)
      guard (try? surprisals.append(units)) != nil, (try? surprisals.finish()) != nil else {
        fatalError("no table")
      }
    }
    let rows = table.read().split(separator: UInt8(ascii: "\n"))
    require(rows.count == 1 + units.count, "\(rows.count) rows for \(units.count) characters")
    for row in rows {
      require(row.count { $0 == UInt8(ascii: "\t") } == 8, "a row without nine cells")
      require(!row.contains { $0 < 0x20 && $0 != UInt8(ascii: "\t") }, "a control character")
    }
    let isEven = commaTable.read().count { $0 == UInt8(ascii: "\"") } % 2 == 0
    require(isEven, "an open quotation")
  }

  private func check(_ document: String, _ name: String) {
    var reader = MarkupReader(document)
    if let fault = reader.fault() { fatalError("\(name): \(fault)") }
  }
}

/// Reads HTML and SVG as this project writes them, and nothing else: elements that are known, end
/// in the order in which they began, and have plain attributes; text without a stray character.
/// Signs of markup are ASCII, so bytes tell them apart, whatever mark follows.
private struct MarkupReader {
  private var rest: ArraySlice<UInt8>
  private var open: [String] = []

  private static let signs = Array("<&>".utf8)
  private static let entities = ["amp;", "lt;", "gt;", "#"]
  private static let empty: Set = ["br", "meta", "input", "!doctype"]
  private static let elements: Set = [
    "a", "b", "body", "button", "circle", "clipPath", "code", "div", "em", "figcaption", "figure",
    "g", "h1", "h2", "h3", "head", "html", "i", "label", "li", "line", "main", "noscript", "ol",
    "option", "output", "p", "path", "polygon", "polyline", "rect", "script", "select", "small",
    "span", "strong", "style", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr",
    "ul",
  ]

  init(_ document: String) { rest = Array(document.utf8)[...] }

  /// What is wrong; nil for nothing.
  mutating func fault() -> String? {
    while let position = rest.firstIndex(where: { Self.signs.contains($0) }) {
      let sign = rest[position]
      rest = rest[(position + 1)...]
      switch sign {
      case UInt8(ascii: "<"):
        if let fault = tag() { return fault }
      case UInt8(ascii: "&"):
        guard Self.entities.contains(where: { rest.starts(with: $0.utf8) }) else {
          return "a stray & before '\(Self.text(rest.prefix(6)))'"
        }
      default: return "a stray >"
      }
    }
    return open.isEmpty ? nil : "an open \(open)"
  }

  private mutating func tag() -> String? {
    var content = rest.prefix { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    rest = rest.dropFirst(content.count)
    guard rest.popFirst() == UInt8(ascii: ">") else {
      return "a stray < before '\(Self.text(content.prefix(40)))'"
    }
    if content.first == UInt8(ascii: "/") {
      let name = Self.text(content.dropFirst())
      return open.popLast() == name ? nil : "a wrong end: \(name)"
    }
    let isClosed = content.last == UInt8(ascii: "/")
    if isClosed { content.removeLast() }
    let name = Self.text(content.prefix { $0 > UInt8(ascii: " ") })
    guard Self.elements.contains(name) || Self.empty.contains(name) else {
      return "an unknown element '\(name.prefix(40))'"
    }
    guard content.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 0 else {
      return "an open quotation in '\(Self.text(content))'"
    }
    if isClosed || Self.empty.contains(name) { return nil }
    open.append(name)
    guard name == "script" || name == "style" else { return nil }
    // Up to its end nothing is read as markup.
    while let position = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[position...]
      if rest.starts(with: "</\(name)".utf8) { return nil }
      rest = rest.dropFirst()
    }
    return nil
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
