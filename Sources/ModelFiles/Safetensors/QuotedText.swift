/// `text` in quotes, harmless on a terminal however it was chosen: cut when long, and what would not
/// show written as `\u{...}`.
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
