import ArgumentParser

/// The verb for diagnoses of networks and their texts.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Examine how networks learn, what they follow and what they copy.",
    discussion: """
      Examples:
        charlm diagnose gradients novel.safetensors novel.txt
        charlm diagnose cells novel.safetensors novel.txt
        charlm diagnose example --cell lstm
        charlm diagnose memorization novel.safetensors novel.txt
      """,
    subcommands: [
      DiagnoseGradients.self, DiagnoseCells.self, DiagnoseExample.self, DiagnoseMemorization.self,
    ])
}

/// Errors in a text or a network to diagnose.
enum DiagnosisError: DataFault {
  case textTooShort(name: String, characterCount: Int, window: Int)
  case noGradients(network: String)
  case tooShortToCorrelate(name: String, characterCount: Int)
  case noStates(network: String)
  case tooShortToCompare(text: String, characterCount: Int, ngramLength: Int)
  case emptyCorpus(name: String)

  var description: String {
    switch self {
    case .textTooShort(let name, let characterCount, let window):
      "'\(name)' has \(characterCount) character\(characterCount == 1 ? "" : "s"), "
        + "but a --window of \(window) needs more than \(window): give a longer text, or a "
        + "smaller --window."
    case .noGradients(let network):
      "The gradients of \(network) are zero, infinite or NaN: "
        + "train it again with a lower learning rate."
    case .tooShortToCorrelate(let name, let characterCount):
      "'\(name)' has \(characterCount) character\(characterCount == 1 ? "" : "s") to read, "
        + "but correlations need at least 2: give a longer text or a larger --maximum-characters."
    case .noStates(let network):
      "The states of \(network) become infinite or NaN on this text: "
        + "train it again with a lower learning rate."
    case .tooShortToCompare(let text, let characterCount, let ngramLength):
      "\(text.first!.uppercased() + text.dropFirst()) has \(characterCount) characters "
        + "that the model knows, but figures need at least \(ngramLength): give a longer text."
    case .emptyCorpus(let name):
      "The corpus '\(name)' contains no text: give the text that the model was trained on."
    }
  }
}
