/// Errors in the texts of `charlm diagnose memorization`.
enum MemorizationError: DataFault {
  case tooShort(text: String, characterCount: Int, ngramLength: Int)
  case emptyCorpus(name: String)

  var description: String {
    switch self {
    case .tooShort(let text, let characterCount, let ngramLength):
      "\(text.first!.uppercased() + text.dropFirst()) has \(characterCount) characters "
        + "that the model knows, but figures need at least \(ngramLength): give a longer text."
    case .emptyCorpus(let name):
      "The corpus '\(name)' contains no text: give the text that the model was trained on."
    }
  }
}
