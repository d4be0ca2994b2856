/// A word of a command line that people can paste into a shell (POSIX, "Quoting").
package func shellQuoted(_ word: String) -> String {
  // By scalars: with a combining mark after it, a quotation mark is part of another character.
  let parts = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
  return "'" + parts.map(String.init).joined(separator: #"'\''"#) + "'"
}
