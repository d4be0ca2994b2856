import Reporting

/// What can be wrong with a line of `generate --interactive`.
package enum InteractiveError: Error, Equatable, CustomStringConvertible {
  case unknownCommand(String)
  case unwantedArgument(command: String, argument: String)
  case notANumber(command: String, argument: String)
  case missingPath
  case nothingToUndo

  package var description: String {
    switch self {
    case .unknownCommand(let name):
      "There is no command /\(visible(name)): /help shows all; a text that begins with a slash begins with two here."
    case .unwantedArgument(let command, let argument):
      "/\(command) takes nothing behind it, but '\(visible(argument))' was given: leave it out."
    case .notANumber(let command, let argument):
      "/\(command) takes a number, which '\(visible(argument))' is not: /help shows an example."
    case .missingPath:
      "/save takes the name of a new file: give one, as in /save story.txt."
    case .nothingToUndo:
      "Nothing was added yet that could be undone."
    }
  }
}
