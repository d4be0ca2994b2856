import ArgumentParser

/// The verb for looking inside: what a network learns, and why.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at how networks learn, and what they copy.",
    discussion: """
      Examples:
        charlm diagnose gradients novel.safetensors novel.txt
        charlm diagnose memorization novel.safetensors novel.txt
      """,
    subcommands: [DiagnoseGradients.self, DiagnoseMemorization.self])
}

/// What can be wrong with a text or a network that is to be looked into.
enum DiagnosisError: Error, CustomStringConvertible {
  case textTooShort(name: String, characterCount: Int, window: Int)
  case noGradients(network: String)
  case tooShortToCompare(text: String, characterCount: Int, ngramLength: Int)
  case emptyCorpus(name: String)

  var description: String {
    switch self {
    case .textTooShort(let name, let characterCount, let window):
      "'\(name)' has \(characterCount) character\(characterCount == 1 ? "" : "s"), but a --window of "
        + "\(window) needs more than \(window): give a longer text, or a smaller --window."
    case .noGradients(let network):
      "The gradients of \(network) are zero or not finite numbers: "
        + "train it again with a lower learning rate."
    case .tooShortToCompare(let text, let characterCount, let ngramLength):
      "Figures need \(ngramLength) characters that the model knows, and \(text) has \(characterCount): "
        + "take a longer one."
    case .emptyCorpus(let name):
      "The corpus '\(name)' holds no text: name the text that the model was trained on."
    }
  }
}
