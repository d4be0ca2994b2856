/// What can be wrong with a network that someone describes.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// A size of the configuration is outside what a network can have.
  case sizeOutOfRange(name: String, value: Int, range: ClosedRange<Int>)

  public var description: String {
    switch self {
    case .sizeOutOfRange(let name, let value, let range):
      "The network's \(name) is \(value): give one from \(range.lowerBound) to \(range.upperBound)."
    }
  }
}
