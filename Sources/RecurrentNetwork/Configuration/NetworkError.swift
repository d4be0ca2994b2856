import Kernels

/// An invalid network configuration.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// A size is outside the range that a network can have.
  case sizeOutOfRange(name: String, value: Int, range: ClosedRange<Int>)
  /// An activation was chosen for a cell whose functions are fixed.
  case activationNotApplicable(Activation, CellKind)
  /// Units must be normalized in groups of equal size.
  case unequalGroups(count: Int, hiddenSize: Int)

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
    }
  }

  /// The settings concerned, in words.
  public var settings: [String] {
    switch self {
    case .sizeOutOfRange(let name, _, _): [name]
    case .activationNotApplicable: ["activation"]
    case .unequalGroups: ["normalization groups", "hidden size"]
    }
  }
}
