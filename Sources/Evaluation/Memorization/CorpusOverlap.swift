import Tokenization

/// The overlap of a text with a corpus: its novel n-grams and its longest copies.
///
/// The share of novel n-grams by length is the measure of McCoy et al. 2023 ("How much do language
/// models copy from their training data?") and Merrill et al. 2024 ("Evaluating n-gram novelty of
/// language models").
public struct CorpusOverlap: Sendable {
  /// The number of known tokens in the text.
  public let tokens: Int

  private let tokenizer: Tokenizer
  private let symbols: [UInt32]
  /// By symbol, the length of the longest stretch ending there that occurs in the corpus.
  private let lengths: [UInt32]
  /// By symbol, a place in the corpus where that stretch ends.
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

  /// The number of n-grams in the text, each occurrence counted, and of those not in the corpus.
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

  /// The share of the text's n-grams that are not in the corpus; nil if the text has none.
  public func novelShare(ofLength length: Int) -> Double? {
    let (count, novel) = ngrams(ofLength: length)
    return count > 0 ? Double(novel) / Double(count) : nil
  }

  /// The longest stretches that also occur in the corpus, the longest first, without repetitions
  /// and without those that overlap a longer one.
  public func longestCopies(_ count: Int) -> [CopiedStretch] {
    let ends = symbols.indices.filter { isEndOfCopy($0) }.sorted {
      (lengths[$1], $0) < (lengths[$0], $1)
    }
    var isCovered = [Bool](repeating: false, count: symbols.count)
    var taken: Set<ArraySlice<UInt32>> = []
    var copies: [CopiedStretch] = []
    for end in ends where copies.count < count {
      let stretch = end + 1 - Int(lengths[end])...end
      // A stretch that overlaps one at least as long has one of its ends in it.
      guard !isCovered[stretch.lowerBound], !isCovered[end] else { continue }
      for index in stretch { isCovered[index] = true }
      if taken.insert(symbols[stretch]).inserted { copies.append(copy(stretch)) }
    }
    return copies
  }

  /// Whether the longest stretch that ends here cannot be extended.
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

/// A stretch of a text that also occurs in a corpus.
public struct CopiedStretch: Sendable {
  /// The stretch after normalization.
  public let text: String
  /// The number of its tokens.
  public let length: Int
  /// The number of known tokens before it in the text.
  public let textOffset: Int
  /// The name of a text of the corpus that contains it.
  public let corpusName: String
  /// The number of tokens before it in that text.
  public let corpusOffset: Int
  /// The line where it begins there, from 1; nil if the vocabulary has no line feed.
  public let line: Int?
}
