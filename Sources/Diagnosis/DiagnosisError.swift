/// Errors in a text or a network to diagnose.
package enum DiagnosisError: Error, Equatable, CustomStringConvertible {
  case textTooShort(name: String, characterCount: Int, window: Int)
  case noGradients(network: String)
  case tooShortToCorrelate(name: String, characterCount: Int)
  case noStates(network: String)

  /// The settings that may help, in words.
  package var settings: [String] {
    switch self {
    case .textTooShort: [DiagnosisSetting.window.rawValue]
    case .tooShortToCorrelate: [DiagnosisSetting.characterLimit.rawValue]
    case .noGradients, .noStates: []
    }
  }

  package var description: String {
    switch self {
    case .textTooShort(let name, let characterCount, let window):
      "'\(name)' has \(characterCount) character\(characterCount == 1 ? "" : "s"), "
        + "but a window of \(window) needs more than \(window): give a longer text, or a "
        + "smaller window."
    case .noGradients(let network):
      "The gradients of \(network) are zero, infinite or NaN: "
        + "train it again with a lower learning rate."
    case .tooShortToCorrelate(let name, let characterCount):
      "'\(name)' has \(characterCount) character\(characterCount == 1 ? "" : "s") to read, "
        + "but correlations need at least 2: give more text."
    case .noStates(let network):
      "The states of \(network) become infinite or NaN on this text: "
        + "train it again with a lower learning rate."
    }
  }
}

/// The settings of diagnoses, by the names that messages use.
package enum DiagnosisSetting: String, Sendable, CaseIterable {
  case window
  case characterLimit = "maximum characters"
}
