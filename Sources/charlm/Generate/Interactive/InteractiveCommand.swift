import Tokenization

/// A line of `generate --interactive`: text or a command.
package enum InteractiveCommand: Equatable, Sendable {
  /// Text to add before the model continues; empty to let it continue at once.
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

  /// - Parameter line: text, or a command after a slash; two slashes begin a text that starts with
  ///   one.
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

  /// The commands without an argument.
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

  /// The lines that `/help` shows.
  static let guide = [
    ("text", "add it, then let the model continue (Alt-Enter: a new line)"),
    ("/continue", "let the model continue; an empty line does the same"),
    ("/undo", "remove what you and the model added last"),
    ("/retry", "undo, then let the model write another answer"),
    ("/next", "the most likely next characters, with their probabilities"),
    ("/temperature 0.8", "below 1 for likelier characters, above 1 for bolder ones"),
    ("/length 200", "the number of characters that the model adds"),
    ("/seed 7", "the random seed of the next answer"),
    ("/save FILE", "write the text to a file"),
    ("/quit", "or Ctrl-D; Ctrl-C stops the model or discards the line"),
  ]
}

/// Errors in a line of `generate --interactive`.
package enum InteractiveError: Error, Equatable, CustomStringConvertible {
  case unknownCommand(String)
  case unwantedArgument(command: String, argument: String)
  case notANumber(command: String, argument: String)
  case missingPath
  case nothingToUndo

  package var description: String {
    switch self {
    case .unknownCommand(let name):
      "There is no command /\(visible(name)): /help shows all. "
        + "Begin a text that starts with a slash with two slashes."
    case .unwantedArgument(let command, let argument):
      "/\(command) takes no argument, but '\(visible(argument))' was given: drop it."
    case .notANumber(let command, let argument):
      "/\(command) takes a number, and '\(visible(argument))' is not one: /help shows an example."
    case .missingPath:
      "/save needs the name of a file, as in /save story.txt."
    case .nothingToUndo:
      "There is no line to take back: write one first."
    }
  }
}
