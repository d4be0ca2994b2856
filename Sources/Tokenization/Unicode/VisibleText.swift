/// A text as a terminal or a page can show it: characters that are invisible or would move the
/// cursor become their code points.
/// - Parameter keepingSpaces: leaves U+0020 unchanged.
package func visible(_ text: String, keepingSpaces: Bool = false) -> String {
  var shown = ""
  for scalar in text.unicodeScalars {
    if scalar == " ", keepingSpaces {
      shown += " "
    } else if !isVisible(scalar) {
      shown += codePoint(scalar)
    } else if isMark(scalar) {
      shown += "\u{25CC}" + String(scalar)
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// A text with arbitrary contents, without characters that a terminal would obey: controls, and
/// those that change the direction of the text around them.
/// - Parameter keepingLineEnds: leaves line feeds and tabs unchanged.
package func harmless(_ text: String, keepingLineEnds: Bool = true) -> String {
  guard text.unicodeScalars.contains(where: isObeyed) else { return text }
  var shown = ""
  for scalar in text.unicodeScalars {
    if isObeyed(scalar), !(keepingLineEnds && (scalar == "\n" || scalar == "\t")) {
      shown += codePoint(scalar)
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// Whether a terminal acts on a scalar in place of showing it.
private func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x202A...0x202E, 0x2066...0x2069: true  // embeddings, overrides and isolates (UAX #9)
  default: scalar.properties.generalCategory == .control
  }
}

/// The name of a character in a message: its code points and, if it can be shown alone, the
/// character itself, as in `'é' U+00E9`.
package func characterName(_ scalars: [Unicode.Scalar]) -> String {
  let longest = 8
  let codePoints = scalars.prefix(longest).map { codePoint($0) }.joined(separator: " ")
  if scalars.count > longest { return codePoints + " ..." }
  guard scalars.count == 1, isVisible(scalars[0]), !isMark(scalars[0]),
    !scalars[0].properties.isDefaultIgnorableCodePoint
  else { return codePoints }
  return "'\(scalars[0])' \(codePoints)"
}

/// Whether a scalar is visible and has no effect on a terminal or page.
package func isVisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
    .privateUse, .unassigned:
    false
  default: true
  }
}

/// Whether a scalar is drawn over the one before it.
private func isMark(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .spacingMark: true
  default: false
  }
}

/// The code point as in `U+00E9`.
package func codePoint(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
