import Evaluation

/// What texts have in common with a corpus, by sets of n-grams; `?` is the character that nobody knows.
struct NaiveOverlap {
  private let text: [[Unicode.Scalar]]
  private let corpus: [[Unicode.Scalar]]

  init(_ text: [String], _ corpus: [String]) {
    self.text = text.map { Array($0.unicodeScalars) }
    self.corpus = corpus.map { Array($0.unicodeScalars) }
  }

  private static func ngrams(_ texts: [[Unicode.Scalar]], _ length: Int) -> [[Unicode.Scalar]] {
    texts.flatMap { text in
      text.indices.dropLast(length - 1).map { Array(text[$0..<$0 + length]) }
        .filter { !$0.contains("?") }
    }
  }

  /// All n-grams of the text, those that come again, too.
  func ngrams(_ length: Int) -> [[Unicode.Scalar]] { Self.ngrams(text, length) }

  /// Those of them that the corpus does not have.
  func novel(_ length: Int) -> [[Unicode.Scalar]] {
    let held = Set(Self.ngrams(corpus, length))
    return ngrams(length).filter { !held.contains($0) }
  }

  /// The length of the longest n-gram that both have.
  var longestCopy: Int {
    var length = 0
    while novel(length + 1).count < ngrams(length + 1).count { length += 1 }
    return length
  }

  /// Whether the corpus has a stretch where it says.
  func holds(_ copy: CopiedStretch) -> Bool {
    guard let number = copy.corpusName.split(separator: " ").last.flatMap({ Int($0) }) else {
      return false
    }
    let found = corpus[number].dropFirst(copy.corpusOffset).prefix(copy.length)
    return Array(found) == Array(copy.text.unicodeScalars)
  }
}
