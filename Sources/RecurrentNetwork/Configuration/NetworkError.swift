import Kernels

/// What can be wrong with a network that someone describes.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// A size of the configuration is outside what a network can have.
  case sizeOutOfRange(name: String, value: Int, range: ClosedRange<Int>)
  /// An activation was chosen for a cell that has its own.
  case activationNotApplicable(Activation, CellKind)
  /// Embeddings are to be the projection's weights and are of another width.
  case tiedSizesDiffer(embeddingSize: Int, hiddenSize: Int)

  public var description: String {
    switch self {
    case .sizeOutOfRange(let name, let value, let range):
      "The network's \(name) is \(value): give one from \(range.lowerBound) to \(range.upperBound)."
    case .activationNotApplicable(let activation, let cell):
      "The activation \(activation.rawValue) was chosen for the cell \(cell.rawValue), which has its own: "
        + "choose one only for the cell rnn."
    case .tiedSizesDiffer(let embeddingSize, let hiddenSize):
      "Tied embeddings are as wide as the hidden size, and the embedding size is \(embeddingSize), the hidden size "
        + "\(hiddenSize): give the same for both, or leave the embedding size out."
    }
  }
}
