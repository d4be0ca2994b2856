import Tokenization

/// The words of a text: runs of word characters (`ScalarKind.word`), in which single apostrophes
/// and hyphens may be.
enum WordList {
  static func words(of text: String) -> Set<String> {
    let scalars = Array(text.unicodeScalars)
    return Set(ranges(in: scalars).map { spelling(scalars[$0]) })
  }

  /// The word at the end of a text, which may continue; empty if the text ends between words.
  static func unfinishedWord(of text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard let last = ranges(in: scalars).last, last.upperBound == scalars.count else { return "" }
    return spelling(scalars[last])
  }

  private static let joiners: Set<Unicode.Scalar> = ["'", "\u{2019}", "-"]

  private static func ranges(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
    func isOfWord(_ index: Int) -> Bool {
      scalars.indices.contains(index) && ScalarKind.word.contains(scalars[index].value)
    }
    var ranges: [Range<Int>] = []
    var start: Int?
    for index in 0...scalars.count {
      let joins =
        index < scalars.count && joiners.contains(scalars[index]) && isOfWord(index - 1)
        && isOfWord(index + 1)
      if isOfWord(index) || joins {
        start = start ?? index
      } else if let first = start {
        ranges.append(first..<index)
        start = nil
      }
    }
    return ranges
  }

  private static func spelling(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
