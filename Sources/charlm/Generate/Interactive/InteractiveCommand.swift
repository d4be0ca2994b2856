import Generation

/// What a line of `generate --interactive` asks for.
package enum InteractiveCommand: Equatable, Sendable {
  /// Text to add, and to go on from; empty to go on from where the text ends.
  case write(String)
  case undo
  case retry
  case temperature(Double?)
  case length(Int?)
  case seed(UInt64?)
  case next
  case save(path: String)
  case help
  case quit

  /// - Parameter line: text, or a command behind a slash; two slashes stand for a text that begins with one.
  /// - Throws: `InteractiveError`.
  package init(_ line: String) throws(InteractiveError) {
    guard line.unicodeScalars.first == "/" else {
      self = .write(line)
      return
    }
    let rest = String(line.unicodeScalars.dropFirst())
    guard rest.unicodeScalars.first != "/" else {
      self = .write(rest)
      return
    }
    let words = rest.split(separator: " ", maxSplits: 1)
    let name = words.first.map(String.init) ?? ""
    let argument = words.count > 1 ? Self.trimmed(words[1]) : ""
    switch name {
    case "temperature": self = .temperature(try Self.number(argument, of: name))
    case "length": self = .length(try Self.number(argument, of: name))
    case "seed": self = .seed(try Self.number(argument, of: name))
    case "save":
      guard !argument.isEmpty else { throw .missingPath }
      self = .save(path: argument)
    default:
      guard let command = Self.plain[name] else { throw .unknownCommand(name) }
      guard argument.isEmpty else { throw .unwantedArgument(command: name, argument: argument) }
      self = command
    }
  }

  /// The commands that take nothing.
  private static let plain: [String: InteractiveCommand] = [
    "continue": .write(""), "undo": .undo, "retry": .retry, "next": .next, "help": .help,
    "quit": .quit,
  ]

  private static func number<Number: LosslessStringConvertible>(
    _ argument: String, of command: String
  ) throws(InteractiveError) -> Number? {
    if argument.isEmpty { return nil }
    guard let number = Number(argument) else {
      throw .notANumber(command: command, argument: argument)
    }
    return number
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }

  /// What `/help` shows.
  static let guide = [
    ("text", "add it, and let the model go on (Alt-Enter: a new line)"),
    ("/continue", "let the model go on; an empty line does the same"),
    ("/undo", "take back what you and the model added last"),
    ("/retry", "the same again, in other words"),
    ("/next", "the characters that may come next, and how likely"),
    ("/temperature 0.8", "below 1 likelier characters, above 1 bolder ones"),
    ("/length 200", "how many characters the model adds"),
    ("/seed 7", "the next answer's random numbers"),
    ("/save FILE", "write the text into a new file"),
    ("/quit", "or Ctrl-D; Ctrl-C stops the model, or drops the line"),
  ]
}
