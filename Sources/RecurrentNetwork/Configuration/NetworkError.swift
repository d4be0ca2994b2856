import Kernels

/// An invalid network configuration.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// A size is outside the range that a network can have.
  case sizeOutOfRange(name: String, value: Int, range: ClosedRange<Int>)
  /// An activation was chosen for a cell whose functions are fixed.
  case activationNotApplicable(Activation, CellKind)
  /// Units must be normalized in groups of equal size.
  case unequalGroups(count: Int, hiddenSize: Int)
  /// Residual connections were chosen for a network of one layer, in which they have no effect.
  case residualNeedsLayers

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .sizeOutOfRange(let name, let value, let range):
      "The network's \(name) is \(value): give a number from \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .activationNotApplicable(let activation, let cell):
      "The activation \(activation.rawValue) was given for the cell \(cell.rawValue), whose "
        + "functions are fixed: give an activation only for the cell rnn."
    case .unequalGroups(let count, let hiddenSize):
      "\(hiddenSize) units cannot be divided into \(count) equal groups: give a number of "
        + "normalization groups that divides the hidden size."
    case .residualNeedsLayers:
      "Residual connections have no effect with one layer: give a number of layers of 2 or more, "
        + "or drop the residual connections."
    }
  }

  /// The settings concerned, in words.
  public var settings: [String] {
    switch self {
    case .sizeOutOfRange(let name, _, _): [name]
    case .activationNotApplicable: ["activation"]
    case .unequalGroups: ["normalization groups", "hidden size"]
    case .residualNeedsLayers: ["number of layers", "residual connections"]
    }
  }
}
