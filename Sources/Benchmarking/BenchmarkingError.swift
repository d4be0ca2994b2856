/// What cannot be measured.
package enum BenchmarkingError: Error, Equatable, CustomStringConvertible {
  /// No text can be spelled with the tokens that every vocabulary has.
  case vocabularyTooSmall(size: Int)

  /// The unknown token, the begin of a text, and one character.
  package static let leastVocabularySize = 3

  package var description: String {
    switch self {
    case .vocabularyTooSmall(let size):
      "The vocabulary size is \(size), and two of its tokens are no characters: give 3 or more."
    }
  }
}
