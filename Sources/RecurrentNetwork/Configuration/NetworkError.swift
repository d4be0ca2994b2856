import Kernels

/// Errors in a network configuration.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// A size is outside what a network may have.
  case sizeOutOfRange(name: String, value: Int, range: ClosedRange<Int>)
  /// An activation was chosen for a cell that has its own.
  case activationNotApplicable(Activation, CellKind)
  /// Tied embeddings must be as wide as the hidden state.
  case tiedSizesDiffer(embeddingSize: Int, hiddenSize: Int)

  /// The settings concerned, in words.
  public var settings: [String] {
    switch self {
    case .sizeOutOfRange(let name, _, _): [name]
    case .activationNotApplicable: ["activation"]
    case .tiedSizesDiffer: ["embedding size", "hidden size"]
    }
  }

  public var description: String {
    switch self {
    case .sizeOutOfRange(let name, let value, let range):
      "The network's \(name) is \(value): give a number from \(range.lowerBound) to \(range.upperBound)."
    case .activationNotApplicable(let activation, let cell):
      "The activation \(activation.rawValue) was chosen for the cell \(cell.rawValue), which has its own: "
        + "choose an activation only for the cell rnn."
    case .tiedSizesDiffer(let embeddingSize, let hiddenSize):
      "Tied embeddings must be as wide as the hidden state, but the embedding size is \(embeddingSize) and the "
        + "hidden size \(hiddenSize): give the same for both, or leave the embedding size out."
    }
  }
}
