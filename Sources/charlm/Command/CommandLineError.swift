import Tokenization

/// A command line that the argument parser rejects, in words that help more than the parser's.
enum CommandLineError: UsageFault {
  case unknownVerb(String, of: String, nearest: String?, verbs: [String])
  case unknownOption(String, of: String, nearest: String?)
  case negative(option: String, value: String)
  /// A number that a program of another language would read.
  case comma(option: String, value: String)
  case beginsWithDash(option: String, value: String)
  case textsAfterBaselines

  /// Finds what `help` cannot show: the argument parser would show something else.
  /// - Parameter words: the command line.
  static func inHelp(_ words: [String]) -> CommandLineError? {
    guard words.first == "help", words.count > 1, let tree = CommandTree.ofCharlm() else {
      return nil
    }
    let path = tree.path(words.dropFirst())
    return unknownVerb(path.next, after: path)
  }

  /// Finds the fault in a rejected command line; nil if the parser's message is good enough.
  /// - Parameters:
  ///   - message: the argument parser's.
  ///   - words: the command line.
  init?(_ message: String, in words: [String]) {
    if let match = message.firstMatch(of: /^The value '(-[0-9]+)' is invalid for '([^ ']+)/) {
      self = .negative(option: String(match.2), value: String(match.1))
      return
    }
    if let match = message.firstMatch(
      of: /^The value '(-?[0-9]+(,[0-9]+)+)' is invalid for '([^ ']+)/)
    {
      self = .comma(option: String(match.3), value: String(match.1))
      return
    }
    guard let path = CommandTree.ofCharlm()?.path(words) else { return nil }
    if let match = message.firstMatch(of: /^Missing value for '([^ ']+)/),
      let position = words.firstIndex(of: String(match.1)), position + 1 < words.count,
      !path.verb.isOption(words[position + 1])
    {
      self = .beginsWithDash(option: String(match.1), value: words[position + 1])
    } else if let error = Self.unknownVerb(path.unknown, after: path) {
      self = error
    } else if let match = message.firstMatch(of: /^Unknown option '(--[^']+)'/) {
      let option = String(match.1)
      self = .unknownOption(
        option, of: path.text, nearest: NearestName.to(option, of: path.verb.options))
    } else if message.hasPrefix("Missing expected argument '<text"),
      words.contains("--baselines")
    {
      self = .textsAfterBaselines
    } else {
      return nil
    }
  }

  private static func unknownVerb(
    _ word: String?, after path: CommandTree.Path
  ) -> CommandLineError? {
    word.map { word in
      .unknownVerb(
        word, of: path.text, nearest: NearestName.to(word, of: path.verb.verbs),
        verbs: path.verb.verbs)
    }
  }

  var description: String {
    switch self {
    case .unknownVerb(let word, let command, let nearest, let verbs):
      "\(command) has no verb '\(visible(word))': "
        + (nearest.map { "did you mean '\(command) \($0)'?" }
          ?? (verbs.isEmpty ? "see '\(command) --help'." : "give \(Self.choice(verbs))."))
    case .unknownOption(let option, let command, let nearest):
      "\(command) has no option '\(visible(option))': "
        + (nearest.map { "did you mean '\($0)'?" } ?? "see '\(command) --help'.")
    case .negative(let option, let value):
      "\(option) is \(value): give 0 or more."
    case .comma(let option, let value):
      "\(option) is \(value), which is not a number: write \(Self.withoutCommas(value))."
    case .beginsWithDash(let option, let value):
      "\(option) has no value, because what follows begins with a dash: "
        + "write \(option)=\(shellQuoted(visible(value)))."
    case .textsAfterBaselines:
      "All files after --baselines are training texts, and no text is left to score: "
        + "give it before the option, as in "
        + "charlm evaluate MODEL TEXT --baselines TRAINING-TEXT."
    }
  }

  /// A number with a point in place of a decimal comma, or without commas between thousands.
  private static func withoutCommas(_ number: String) -> String {
    let decimal = number.replacing(",", with: ".", maxReplacements: 1)
    guard number.wholeMatch(of: /-?[1-9][0-9]{0,2}(,[0-9]{3})+/) != nil else { return decimal }
    let whole = number.replacing(",", with: "")
    return decimal.contains(",") ? whole : "\(whole), or \(decimal) for a fraction"
  }

  /// The names as in "a, b or c".
  private static func choice(_ names: [String]) -> String {
    guard names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
  }
}
