/// A text as a cell of comma-separated values (RFC 4180).
package func commaSeparatedCell(_ text: String) -> String {
  // By scalars: with a combining mark after it, a quotation mark is part of another character.
  var cell = "\""
  for scalar in text.unicodeScalars {
    if scalar == "\"" { cell += "\"" }
    cell.unicodeScalars.append(scalar)
  }
  return cell + "\""
}
