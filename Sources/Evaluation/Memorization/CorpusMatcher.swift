import Tokenization

/// Finds how much of a text stands word for word in a corpus.
///
/// ```swift
/// var matcher = try CorpusMatcher([.text(generated, name: "sample")], tokenizer: model.tokenizer)
/// try matcher.read(.file("corpus.txt"))
/// let overlap = matcher.overlap()
/// print(overlap.novelShare(ofLength: 8) ?? .nan, overlap.longestCopies(1)[0].text)
/// ```
///
/// The text is indexed and the corpus streamed past it, so that memory depends on the text alone: some 200 bytes a
/// token for a corpus of any size. For each token of the corpus the suffix automaton of the text gives the longest
/// stretch ending there that the text has, too. Each state keeps the longest that it saw; afterwards these go along
/// the suffix links, to the shorter stretches within and from there to the longer texts around, and give
/// the matching statistics of the text (Chang & Lawler 1994): for each token the length of the longest stretch
/// ending there that the corpus has. All is exact, and takes time in proportion to the text and to the corpus.
///
/// A unit that the vocabulary does not know is equal to none, not even itself; no stretch goes over it, nor
/// over the end of a text.
public struct CorpusMatcher: Sendable {
  /// Where in the corpus a stretch ends.
  struct Place: Sendable {
    /// Which text of the corpus.
    var source = 0
    /// Tokens of that text up to the stretch's end.
    var position = 0
    /// The line of the stretch's last token, from 1.
    var line = 1
  }

  let tokenizer: Tokenizer
  /// The text's tokens; from `firstSeparator` on, each only once, what no stretch goes over.
  private(set) var symbols: [UInt32] = []
  /// Tokens of the text that the vocabulary knows.
  public private(set) var tokens = 0
  /// Units of the text that the vocabulary does not know.
  public private(set) var unknownCharacters = 0
  /// Tokens of the corpus so far.
  public private(set) var corpusTokens = 0
  /// The names of the corpus's texts so far.
  private(set) var corpusNames: [String] = []

  private var automaton = SuffixAutomaton()
  /// By state the longest stretch of it that the corpus was seen to have, 0 for none, and where.
  private var longest: [UInt32] = []
  private var places: [Place] = []
  /// By token whether it ends a line: whether there is a line feed in it.
  let endsLine: [Bool]

  static let firstSeparator = UInt32(TokenID.max) + 1

  /// A matcher of a text that is in these parts, none of which goes on in the next.
  /// - Throws: `EvaluationError.textTooLong`, `TokenizationError.invalidUTF8` or `StorageError`.
  public init(
    _ text: [TextSource], tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy = .error
  ) throws {
    self.tokenizer = tokenizer
    endsLine = (0..<tokenizer.vocabularySize).map { token in
      tokenizer.vocabulary.withUTF8(of: TokenID(token)) { $0.contains(0x0A) }
    }
    for part in text {
      unknownCharacters += try Self.encode(part, tokenizer, invalidUTF8) { chunk in
        guard symbols.count + chunk.count < SuffixAutomaton.maximumLength else {
          throw EvaluationError.textTooLong(name: part.name, limit: SuffixAutomaton.maximumLength)
        }
        append(chunk)
      }
      append([Vocabulary.unknown])
    }
    longest = Array(repeating: 0, count: automaton.stateCount)
    places = Array(repeating: Place(), count: automaton.stateCount)
  }

  /// Streams a text of the corpus past the text.
  /// - Parameter progress: is given the tokens of this text so far, every MB of it; what it throws ends the reading.
  /// - Returns: how many tokens it has.
  /// - Throws: `TokenizationError.invalidUTF8`, `StorageError`, or what `progress` throws.
  @discardableResult
  public mutating func read(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    progress: (Int) throws -> Void = { _ in }
  ) throws -> Int {
    corpusNames.append(source.name)
    var match = (state: SuffixAutomaton.root, length: UInt32(0))
    var place = Place(source: corpusNames.count - 1)
    _ = try Self.encode(source, tokenizer, invalidUTF8) { chunk in
      compare(chunk, &match, &place)
      try progress(place.position)
    }
    corpusTokens += place.position
    return place.position
  }

  /// What the text has in common with the corpus that was read.
  public func overlap() -> CorpusOverlap {
    let (longest, places) = spreadAlongLinks()
    return CorpusOverlap(
      self, lengths: automaton.prefixes.map { longest[Int($0)] },
      places: automaton.prefixes.map { places[Int($0)] })
  }

  // MARK: Parts

  /// - Returns: how many units are unknown.
  private static func encode(
    _ source: TextSource, _ tokenizer: Tokenizer, _ invalidUTF8: InvalidUTF8Policy,
    _ body: ([TokenID]) throws -> Void
  ) throws -> Int {
    var encoder = TokenEncoder(tokenizer)
    try encoder.encode(source, invalidUTF8: invalidUTF8) { chunk in
      try body(chunk)
      return true
    }
    return encoder.unknownCount
  }

  /// Goes on with the text.
  private mutating func append(_ chunk: [TokenID]) {
    for token in chunk {
      let symbol =
        token == Vocabulary.unknown
        ? Self.firstSeparator + UInt32(symbols.count) : UInt32(token)
      tokens += token == Vocabulary.unknown ? 0 : 1
      symbols.append(symbol)
      automaton.append(symbol)
    }
  }

  private mutating func compare(
    _ chunk: [TokenID], _ match: inout (state: SuffixAutomaton.State, length: UInt32),
    _ place: inout Place
  ) {
    for token in chunk {
      place.position += 1
      if token == Vocabulary.unknown {
        match = (SuffixAutomaton.root, 0)
        continue
      }
      automaton.advance(&match, UInt32(token))
      if match.length > longest[Int(match.state)] {
        longest[Int(match.state)] = match.length
        places[Int(match.state)] = place
      }
      if endsLine[Int(token)] { place.line += 1 }
    }
  }

  /// By state how long a suffix of its longest substring the corpus has, and where.
  private func spreadAlongLinks() -> (longest: [UInt32], places: [Place]) {
    var longest = longest
    var places = places
    let states = automaton.statesByLength().dropFirst().map { Int($0) }
    // What ends with a stretch of the corpus is in the corpus.
    for state in states.reversed() where longest[state] > 0 {
      let link = Int(automaton.link(of: UInt32(state)))
      let length = automaton.length(of: UInt32(link))
      if longest[link] < length {
        longest[link] = length
        places[link] = places[state]
      }
    }
    // A state of which the corpus has nothing ends with what its link has.
    for state in states where longest[state] == 0 {
      let link = Int(automaton.link(of: UInt32(state)))
      longest[state] = longest[link]
      places[state] = places[link]
    }
    return (longest, places)
  }
}

extension Tokenizer {
  /// The tokens that a text begins with, `count` at the most.
  /// - Throws: `EvaluationError.emptyText`, `TokenizationError.invalidUTF8` or `StorageError`.
  func firstTokens(
    _ count: Int, of source: TextSource, invalidUTF8: InvalidUTF8Policy
  ) throws -> [TokenID] {
    var encoder = TokenEncoder(self)
    var tokens: [TokenID] = []
    try encoder.encode(source, invalidUTF8: invalidUTF8) { chunk in
      tokens += chunk
      return tokens.count < count
    }
    guard !tokens.isEmpty else { throw EvaluationError.emptyText(name: source.name) }
    return Array(tokens.prefix(count))
  }
}
