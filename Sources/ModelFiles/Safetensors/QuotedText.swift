/// Quotes `text` so that it is harmless on a terminal: long texts are shortened, and invisible
/// characters are written as `\u{...}`.
func quoted(_ text: String) -> String {
  let limit = 200
  var shown = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return text.unicodeScalars.count > limit ? "'\(shown)...'" : "'\(shown)'"
}
