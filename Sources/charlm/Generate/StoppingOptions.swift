import ArgumentParser
import Generation
import Patterns

/// The options for the end and the form of a generated text.
struct StoppingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The most characters to generate.", valueName: "n"))
  var length = 500

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The fewest characters before the text may end.", valueName: "n"))
  var minLength = 0

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "End the text before this would be printed. Repeatable.", valueName: "text"))
  var stop: [String] = []

  @Flag(
    help: "End the text when the model chooses end-of-text, which it learns from several texts.")
  var stopAtEnd = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make the text match this regular expression; it ends where the model would leave it.",
      valueName: "regex"))
  var pattern: String?

  /// - Throws: `GenerationError` or `PatternError`.
  func criteria() throws -> StoppingCriteria {
    let criteria = StoppingCriteria(
      length: length, minimumLength: minLength, stops: stop, stopsAtEndOfText: stopAtEnd,
      pattern: try pattern.map { try Pattern($0) })
    try criteria.validate()
    return criteria
  }
}
