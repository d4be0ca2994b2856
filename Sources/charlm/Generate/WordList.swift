/// The words of a text: runs of letters, digits and marks, in which single apostrophes and hyphens
/// may be.
enum WordList {
  static func words(of text: String) -> Set<String> {
    Set(text.matches(of: /\w+(?:['\u2019\-]\w+)*/).map { String($0.output) })
  }

  /// The word at the end of a text, if it may continue.
  static func unfinishedWord(of text: String) -> String {
    String(text.unicodeScalars.suffix(while: isOfWord))
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .nonspacingMark, .spacingMark:
      true
    default: scalar == "_"
    }
  }
}

extension BidirectionalCollection {
  /// The longest end of which all elements satisfy `predicate`.
  fileprivate func suffix(while predicate: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, predicate(self[index(before: start)]) { formIndex(before: &start) }
    return self[start...]
  }
}
