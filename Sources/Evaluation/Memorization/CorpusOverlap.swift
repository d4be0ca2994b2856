import Tokenization

/// What a text has in common with a corpus: the n-grams that are new, and the longest copies.
///
/// The share of novel n-grams by their length is what McCoy et al. 2023 (How much do language models copy from their
/// training data?) and Merrill et al. 2024 (Evaluating n-gram novelty of language models) measure.
public struct CorpusOverlap: Sendable {
  /// Tokens of the text that the vocabulary knows.
  public let tokens: Int

  private let tokenizer: Tokenizer
  private let symbols: [UInt32]
  /// By symbol the length of the longest stretch ending there that the corpus has.
  private let lengths: [UInt32]
  /// By symbol a place in the corpus where that stretch ends.
  private let places: [CorpusMatcher.Place]
  private let corpusNames: [String]
  private let endsLine: [Bool]

  init(_ matcher: CorpusMatcher, lengths: [UInt32], places: [CorpusMatcher.Place]) {
    tokenizer = matcher.tokenizer
    symbols = matcher.symbols
    tokens = matcher.tokens
    self.lengths = lengths
    self.places = places
    corpusNames = matcher.corpusNames
    endsLine = matcher.endsLine
  }

  /// How many n-grams the text has, each place counted, and how many of them the corpus does not have.
  /// - Precondition: `length` is at least 1.
  public func ngrams(ofLength length: Int) -> (count: Int, novel: Int) {
    precondition(length >= 1)
    var count = 0
    var novel = 0
    var known = 0
    for (symbol, copied) in zip(symbols, lengths) {
      known = symbol < CorpusMatcher.firstSeparator ? known + 1 : 0
      guard known >= length else { continue }
      count += 1
      if copied < length { novel += 1 }
    }
    return (count, novel)
  }

  /// The share of the text's n-grams that the corpus does not have; nil where the text has none.
  public func novelShare(ofLength length: Int) -> Double? {
    let (count, novel) = ngrams(ofLength: length)
    return count > 0 ? Double(novel) / Double(count) : nil
  }

  /// The longest stretches that the corpus has, too, the longest first; none that overlaps a longer one, and
  /// none twice.
  public func longestCopies(_ count: Int) -> [CopiedStretch] {
    let ends = symbols.indices.filter { isEndOfCopy($0) }.sorted {
      (lengths[$1], $0) < (lengths[$0], $1)
    }
    var isCovered = [Bool](repeating: false, count: symbols.count)
    var taken: Set<ArraySlice<UInt32>> = []
    var copies: [CopiedStretch] = []
    for end in ends where copies.count < count {
      let stretch = end + 1 - Int(lengths[end])...end
      // What overlaps a stretch at least as long has one of its ends within.
      guard !isCovered[stretch.lowerBound], !isCovered[end] else { continue }
      for index in stretch { isCovered[index] = true }
      if taken.insert(symbols[stretch]).inserted { copies.append(copy(stretch)) }
    }
    return copies
  }

  /// Whether the stretch that ends here does not go on.
  private func isEndOfCopy(_ index: Int) -> Bool {
    lengths[index] > 0
      && (index + 1 == lengths.count || lengths[index + 1] != lengths[index] + 1)
  }

  private func copy(_ stretch: ClosedRange<Int>) -> CopiedStretch {
    let tokens = symbols[stretch].map { TokenID($0) }
    let place = places[stretch.upperBound]
    let lineEndsWithin = tokens.dropLast().count { endsLine[Int($0)] }
    return CopiedStretch(
      text: tokenizer.decode(tokens), length: tokens.count,
      textOffset: symbols[..<stretch.lowerBound].count { $0 < CorpusMatcher.firstSeparator },
      corpusName: corpusNames[place.source], corpusOffset: place.position - tokens.count,
      line: endsLine.contains(true) ? place.line - lineEndsWithin : nil)
  }
}

/// A stretch of a text that a corpus has, too.
public struct CopiedStretch: Sendable {
  /// The stretch after normalization.
  public let text: String
  /// Its tokens.
  public let length: Int
  /// Tokens of the text before it, unknown ones not counted.
  public let textOffset: Int
  /// The text of the corpus that has it.
  public let corpusName: String
  /// Tokens of that text before a place where it stands.
  public let corpusOffset: Int
  /// The line where it begins there, from 1; nil where the vocabulary has no line feed.
  public let line: Int?
}
