/// What can be wrong with a text or a network that is to be looked into.
enum DiagnosisError: Error, CustomStringConvertible {
  case textTooShort(name: String, characterCount: Int, window: Int)
  case noGradients(network: String)

  var description: String {
    switch self {
    case .textTooShort(let name, let characterCount, let window):
      "'\(name)' has \(characterCount) character\(characterCount == 1 ? "" : "s"), but a --window of "
        + "\(window) needs more than \(window): give a longer text, or a smaller --window."
    case .noGradients(let network):
      "The gradients of \(network) are zero or not finite numbers: "
        + "train it again with a lower learning rate."
    }
  }
}
