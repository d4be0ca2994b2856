/// Characters that writers use for one another: straight and typographic quotes, dashes, and spaces.
enum TypographicNeighbors {
  /// Opening and closing quotes that are used together.
  private static let doubleQuotes: [(opening: String, closing: String)] = [
    ("\u{201C}", "\u{201D}"), ("\u{201E}", "\u{201C}"), ("\u{201E}", "\u{201D}"),
    ("\u{AB}", "\u{BB}"), ("\u{BB}", "\u{AB}"), ("\u{300C}", "\u{300D}"), ("\"", "\""),
    ("\u{2018}", "\u{2019}"), ("'", "'"),
  ]
  private static let singleQuotes: [(opening: String, closing: String)] = [
    ("\u{2018}", "\u{2019}"), ("\u{201A}", "\u{2018}"), ("\u{2039}", "\u{203A}"), ("'", "'"),
    ("\u{2019}", "\u{2019}"), ("`", "'"),
  ]
  private static let dashes = [
    "\u{2014}", "\u{2013}", "\u{2015}", "--", "-", "\u{2010}", "\u{2011}",
  ]
  private static let hyphens = ["-", "\u{2010}", "\u{2011}", "\u{2212}", "\u{2013}", "\u{2014}"]
  private static let spaces = [" ", "\u{A0}", "\u{202F}", "\u{2009}", "\u{3000}", "\n"]
  private static let lineEnds = ["\n", "\u{2028}", "\r", " "]

  /// The characters that can replace `scalar`, the best first.
  /// - Parameters:
  ///   - previous: the character before it, which decides whether a quote opens; nil at the
  ///     beginning of a text.
  ///   - isKnown: whether a text is made of known characters.
  static func candidates(
    for scalar: Unicode.Scalar, after previous: Unicode.Scalar?, isKnown: (String) -> Bool
  ) -> [String] {
    switch scalar {
    case "\"", "\u{2033}", "\u{FF02}", "\u{201C}":  // U+201C closes in German
      quotes(doubleQuotes, opens: opens(after: previous), isKnown)
    case "\u{201E}", "\u{AB}", "\u{300C}":
      quotes(doubleQuotes, opens: true, isKnown)
    case "\u{201D}", "\u{BB}", "\u{300D}":
      quotes(doubleQuotes, opens: false, isKnown)
    case "'", "`", "\u{B4}", "\u{2032}", "\u{FF07}", "\u{2018}":
      quotes(singleQuotes, opens: opens(after: previous), isKnown)
    case "\u{201A}", "\u{2039}":
      quotes(singleQuotes, opens: true, isKnown)
    case "\u{2019}", "\u{203A}", "\u{2BC}", "\u{201B}":
      quotes(singleQuotes, opens: false, isKnown)
    case "\u{2014}", "\u{2013}", "\u{2015}", "\u{2E3A}": dashes
    case "-", "\u{2010}", "\u{2011}", "\u{2212}": hyphens
    case "\n", "\u{2028}", "\u{2029}", "\u{85}": lineEnds
    default:
      scalar.properties.isWhitespace ? spaces : []
    }
  }

  /// The quotes of the first pair that is known, then any known quote of the same direction.
  private static func quotes(
    _ pairs: [(opening: String, closing: String)], opens: Bool, _ isKnown: (String) -> Bool
  ) -> [String] {
    let known = pairs.filter { isKnown($0.opening) && isKnown($0.closing) }
    return (known + pairs).map { opens ? $0.opening : $0.closing }
  }

  /// Whether a straight quote after `previous` opens a quotation.
  private static func opens(after previous: Unicode.Scalar?) -> Bool {
    guard let previous else { return true }
    if previous.properties.isWhitespace { return true }
    return switch previous.properties.generalCategory {
    case .openPunctuation, .initialPunctuation, .dashPunctuation: true
    default: false
    }
  }
}
