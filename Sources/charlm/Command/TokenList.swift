import Reporting
import Tokenization

/// What can be wrong with a list of token ids.
enum TokenListError: Error, CustomStringConvertible {
  case notAToken(text: String, vocabularySize: Int)

  var description: String {
    switch self {
    case .notAToken(let text, let vocabularySize):
      "'\(visible(text))' is not a token of this model: "
        + "give numbers from 0 to \(vocabularySize - 1), with spaces, commas or lines between them."
    }
  }

  /// Reads ids with anything but letters and digits between them, brackets of a JSON list included.
  static func parse(_ text: String, _ tokenizer: Tokenizer) throws -> [TokenID] {
    try text.split(whereSeparator: { " ,[]\n\r\t".contains($0) || $0 == "\r\n" }).map { word in
      guard let id = TokenID(word), id < tokenizer.vocabularySize else {
        throw TokenListError.notAToken(
          text: String(word.prefix(40)), vocabularySize: tokenizer.vocabularySize)
      }
      return id
    }
  }
}
