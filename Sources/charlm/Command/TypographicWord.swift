import Storage

/// A word of the command line with a dash or quotes that a word processor or a web page put in the
/// place of those of a keyboard.
enum TypographicWord {
  private static let dashes: Set<Character> = [
    "\u{2010}", "\u{2011}", "\u{2012}", "–", "—", "―", "−",
  ]
  private static let quotes: Set<Character> = ["“", "”", "„", "‟", "‘", "’", "‚", "«", "»"]

  /// What to type instead, for a command line that the argument parser rejects; nil if no word
  /// looks like it.
  static func hint(in words: [String]) -> String? {
    for word in words {
      if let hint = dashHint(word) { return hint }
      // A text that such quotes surround may be meant so; a text of which a space cut off one is
      // not.
      if let first = word.first, let last = word.last, word.count > 1,
        quotes.contains(first) != quotes.contains(last)
      {
        return quoteHint(word)
      }
    }
    return nil
  }

  /// What to type instead of the name of a missing file.
  /// - Parameter message: names the file.
  static func hint(in words: [String], missingFile message: String) -> String? {
    words.filter { message.contains("'\($0)'") }.lazy.compactMap { word in
      guard let first = word.first, let last = word.last else { return nil }
      return dashHint(word)
        ?? (quotes.contains(first) || quotes.contains(last) ? quoteHint(word) : nil)
    }.first
  }

  private static func dashHint(_ word: String) -> String? {
    guard let first = word.first, dashes.contains(first) else { return nil }
    let name = word.drop { dashes.contains($0) || $0 == "-" }
    guard let letter = name.first, letter.isASCII, letter.isLetter else { return nil }
    let dash = name.prefix { $0 != "=" }.count == 1 ? "-" : "--"
    return "'\(word)' begins with a typographic dash: type \(dash)\(name)."
  }

  private static func quoteHint(_ word: String) -> String {
    "'\(word)' has typographic quotes: type \" in their place."
  }
}
