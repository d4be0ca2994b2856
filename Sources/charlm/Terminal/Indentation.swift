/// `text` with four spaces before each line. It is split by scalars, since "\r\n" is one `Character`.
func indented(_ text: String) -> String {
  let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  return lines.map { "    " + String($0) }.joined(separator: "\n")
}
