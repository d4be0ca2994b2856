import Evaluation

/// The overlap of one text with a corpus, as figures.
struct MemorizationColumn {
  /// Distinguishes the text from the other one.
  let label: String
  /// The name of the text in messages.
  let name: String
  let corpusTokens: Int
  let unknownCharacters: Int
  let overlap: CorpusOverlap
  let copies: [CopiedStretch]

  /// The lengths of the n-grams that are counted.
  static let lengths = 4...32

  init(label: String, name: String, matcher: CorpusMatcher, copyCount: Int) {
    self.label = label
    self.name = name
    corpusTokens = matcher.corpusTokens
    unknownCharacters = matcher.unknownCharacters
    overlap = matcher.overlap()
    copies = overlap.longestCopies(copyCount)
  }

  // MARK: JSON

  struct Figures: Encodable {
    struct Ngrams: Encodable {
      let length, count, novel: Int
      let novelShare: Double?
    }

    struct Copy: Encodable {
      let length: Int
      let text: String
      let textOffset: Int
      let file: String
      let fileOffset: Int
      let line: Int?

      init(_ copy: CopiedStretch) {
        length = copy.length
        text = copy.text
        textOffset = copy.textOffset
        file = copy.corpusName
        fileOffset = copy.corpusOffset
        line = copy.line
      }
    }

    let label: String
    let tokens: Int
    let unknownCharacters: Int
    let ngrams: [Ngrams]
    let longestCopies: [Copy]
  }

  var figures: Figures {
    let ngrams = Self.lengths.map { length in
      let (count, novel) = overlap.ngrams(ofLength: length)
      return Figures.Ngrams(
        length: length, count: count, novel: novel,
        novelShare: overlap.novelShare(ofLength: length))
    }
    return Figures(
      label: label, tokens: overlap.tokens, unknownCharacters: unknownCharacters, ngrams: ngrams,
      longestCopies: copies.map { .init($0) })
  }
}
