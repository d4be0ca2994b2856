import Tokenization

/// Finds how much of a text is copied verbatim from a corpus.
///
/// ```swift
/// import Evaluation
///
/// var matcher = try CorpusMatcher([.text(generated, name: "sample")], tokenizer: model.tokenizer)
/// try matcher.read(.file("corpus.txt"))
/// let overlap = matcher.overlap()
/// print(overlap.novelShare(ofLength: 8) ?? .nan, overlap.longestCopies(1)[0].text)
/// ```
///
/// The text is indexed and the corpus is streamed, so that memory depends on the text alone: about
/// 200 bytes per token of the text. For each token of the corpus, the suffix automaton of the text
/// gives the longest stretch ending there that also occurs in the text. Each state keeps the
/// longest stretch that it saw. Afterwards these lengths are propagated along the suffix links, to
/// the shorter substrings and from there to the longer ones, and give the matching statistics of
/// the text (Chang & Lawler 1994): for each token, the length of the longest stretch ending there
/// that occurs in the corpus. The result is exact; the time is linear in the text and in the
/// corpus.
///
/// An unknown unit equals no unit, not even itself. No stretch contains one or extends beyond the
/// end of a text.
public struct CorpusMatcher: Sendable {
  /// The place in the corpus where a stretch ends.
  struct Place: Sendable {
    /// The index of the text in the corpus.
    var source = 0
    /// The number of tokens of that text up to the end of the stretch.
    var position = 0
    /// The line of the stretch's last token, from 1.
    var line = 1
  }

  let tokenizer: Tokenizer
  /// The tokens of the text; values of at least `firstSeparator` are separators, each used once.
  private(set) var symbols: [UInt32] = []
  /// The number of known tokens in the text.
  public private(set) var tokens = 0
  /// The number of unknown units in the text.
  public private(set) var unknownCharacters = 0
  /// The number of tokens of the corpus read so far.
  public private(set) var corpusTokens = 0
  /// The names of the texts of the corpus read so far.
  private(set) var corpusNames: [String] = []

  private var automaton = SuffixAutomaton()
  /// By state, the length of its longest stretch seen in the corpus, 0 for none, and below its
  /// place.
  private var longest: [UInt32] = []
  private var places: [Place] = []
  /// By token, whether it ends a line, that is, contains a line feed.
  let endsLine: [Bool]

  static let firstSeparator = UInt32(TokenID.max) + 1

  /// A matcher of a text in separate parts; no stretch extends from one part into the next.
  /// - Throws: `EvaluationError.textTooLong`, `TokenizationError.invalidUTF8` or `StorageError`.
  public init(
    _ text: [TextSource], tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy = .error
  ) throws {
    self.tokenizer = tokenizer
    endsLine = (0..<tokenizer.vocabularySize).map { token in
      tokenizer.withUTF8(of: TokenID(token)) { $0.contains(0x0A) }
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

  /// Reads a text of the corpus.
  /// - Parameters:
  ///   - source: the text.
  ///   - invalidUTF8: what to do with bytes that are not UTF-8.
  ///   - progress: receives the number of tokens read of this text, after every MB; an error that
  ///     it throws ends the reading.
  /// - Returns: the number of tokens of the text.
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

  /// The overlap of the text with the corpus read so far.
  public func overlap() -> CorpusOverlap {
    let (longest, places) = spreadAlongLinks()
    return CorpusOverlap(
      self, lengths: automaton.prefixes.map { longest[Int($0)] },
      places: automaton.prefixes.map { places[Int($0)] })
  }

  // MARK: Parts

  /// - Returns: the number of unknown units.
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

  /// Appends tokens to the text.
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

  /// By state, the length of the longest suffix of its longest substring in the corpus, and its
  /// place.
  private func spreadAlongLinks() -> (longest: [UInt32], places: [Place]) {
    var longest = longest
    var places = places
    let states = automaton.statesByLength().dropFirst().map { Int($0) }
    // A suffix of a stretch in the corpus is in the corpus, too.
    for state in states.reversed() where longest[state] > 0 {
      let link = Int(automaton.link(of: UInt32(state)))
      let length = automaton.length(of: UInt32(link))
      if longest[link] < length {
        longest[link] = length
        places[link] = places[state]
      }
    }
    // A state without a match has the match of its link, whose substrings are suffixes of its own.
    for state in states where longest[state] == 0 {
      let link = Int(automaton.link(of: UInt32(state)))
      longest[state] = longest[link]
      places[state] = places[link]
    }
    return (longest, places)
  }
}

extension Tokenizer {
  /// The first tokens of a text, at most `count`.
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
