import Tokenization

/// The characters of a text that a vocabulary does not know, described so that a terminal can show
/// them: no control, format or combining character is in the description as itself.
public struct UnknownCharacters: Sendable, Equatable, CustomStringConvertible {
  /// How many there are, every occurrence counted.
  public let count: Int
  /// The different ones, each as its code points and, where it can be shown, itself, in order of
  /// first appearance.
  public let names: [String]

  init(_ unknowns: [UnknownUnit]) {
    count = unknowns.count
    var seen: Set<[Unicode.Scalar]> = []
    names = unknowns.compactMap {
      let scalars = Array($0.spelling.unicodeScalars)
      return seen.insert(scalars).inserted ? Self.name(of: scalars) : nil
    }
  }

  /// The most names in a description, and code points in a name.
  private static let longestList = 8

  /// How many, and which: `3 characters ('é' U+00E9, U+200D)`.
  public var description: String {
    let shown = names.prefix(Self.longestList).joined(separator: ", ")
    let rest = names.count - Self.longestList
    return "\(count) character\(count == 1 ? "" : "s") (\(shown)"
      + (rest > 0 ? " and \(rest) more)" : ")")
  }

  /// The code points and, where it can be shown, the character itself.
  static func name(of scalars: [Unicode.Scalar]) -> String {
    let codePoints = scalars.prefix(longestList).map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }.joined(separator: " ")
    if scalars.count > longestList { return codePoints + " ..." }
    return scalars.count == 1 && isVisible(scalars[0])
      ? "'\(scalars[0])' \(codePoints)" : codePoints
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator, .nonspacingMark, .spacingMark, .enclosingMark:
      false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}
