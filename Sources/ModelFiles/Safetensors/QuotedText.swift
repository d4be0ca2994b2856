import Tokenization

/// Quotes `text` so that it is harmless on a terminal: long texts are shortened, and invisible
/// characters are written as `\u{...}`.
package func quoted(_ text: String) -> String {
  let limit = 200
  var shown = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    if scalar == " " || isVisible(scalar) {
      shown.unicodeScalars.append(scalar)
    } else {
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
  return text.unicodeScalars.count > limit ? "'\(shown)...'" : "'\(shown)'"
}
