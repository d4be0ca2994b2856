/// A text as a terminal can show it: what is invisible or would move the cursor becomes its code point.
func visible(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
      .privateUse, .unassigned:
      shown += "U+" + hexadecimal(scalar)
    case .nonspacingMark, .enclosingMark, .spacingMark:
      shown += "\u{25CC}" + String(scalar)
    default:
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// A text that may hold anything, without what would command the terminal.
func harmless(_ text: String) -> String {
  text.unicodeScalars.map { scalar in
    let isHarmless =
      scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
    return isHarmless ? String(scalar) : visible(String(scalar))
  }.joined()
}

private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
