/// A text as a terminal or a page can show it: what is invisible or would move the cursor becomes its code point.
/// - Parameter keepingSpaces: leaves U+0020 as it is.
package func visible(_ text: String, keepingSpaces: Bool = false) -> String {
  var shown = ""
  for scalar in text.unicodeScalars {
    if scalar == " ", keepingSpaces {
      shown += " "
    } else if !isVisible(scalar) {
      shown += "U+" + hexadecimal(scalar)
    } else if isMark(scalar) {
      shown += "\u{25CC}" + String(scalar)
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// A text that may hold anything, without what would command the terminal.
package func harmless(_ text: String) -> String {
  text.unicodeScalars.map { scalar in
    let isHarmless =
      scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
    return isHarmless ? String(scalar) : visible(String(scalar))
  }.joined()
}

/// Whether a scalar leaves ink, and commands neither terminal nor page.
package func isVisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
    .privateUse, .unassigned:
    false
  default: true
  }
}

/// Whether a scalar is drawn upon the one before it.
private func isMark(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .spacingMark: true
  default: false
  }
}

private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
