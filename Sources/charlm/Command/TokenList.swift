import Tokenization

/// Token ids written as text.
struct TokenList {
  let ids: [TokenID]

  /// Reads decimal ids separated by spaces, commas, line ends or the brackets of a JSON list, or
  /// the objects that `charlm tokenize --json` prints.
  /// - Throws: `TokenListError.notAToken`.
  init(_ text: String, vocabularySize: Int) throws(TokenListError) {
    var ids: [TokenID] = []
    var text = text
    if let key = text.firstRange(of: #"{"ids":"#), key.lowerBound == text.startIndex,
      let end = text.firstIndex(of: "]")
    {
      text = String(text[key.upperBound...end])
    }
    for word in text.split(whereSeparator: { " ,[]\n\r\t".contains($0) || $0 == "\r\n" }) {
      guard let id = TokenID(word), id < vocabularySize else {
        throw .notAToken(text: String(word.prefix(40)), vocabularySize: vocabularySize)
      }
      ids.append(id)
    }
    self.ids = ids
  }
}

/// Errors in a list of token ids.
enum TokenListError: DataFault {
  case notAToken(text: String, vocabularySize: Int)

  var description: String {
    switch self {
    case .notAToken(let text, let vocabularySize):
      "'\(visible(text))' is not a token of this model: "
        + "give numbers from 0 to \(vocabularySize - 1), separated by spaces, commas or line ends."
    }
  }
}
