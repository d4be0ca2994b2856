/// The name of a character for a terminal: no control, format or combining character appears as
/// itself.
package enum CharacterName {
  /// The most code points of a name.
  private static let longest = 8

  /// The code points and, if it can be shown, the character itself: `'é' U+00E9`.
  package static func of(_ scalars: [Unicode.Scalar]) -> String {
    let codePoints = scalars.prefix(longest).map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }.joined(separator: " ")
    if scalars.count > longest { return codePoints + " ..." }
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
