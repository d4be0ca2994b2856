import ArgumentParser
import Generation
import Patterns

/// When a text of `generate` ends, and what form it has then.
struct StoppingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Characters to generate at most.", valueName: "n"))
  var length = 500

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Characters before which nothing ends the text.", valueName: "n"))
  var minLength = 0

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "End the text where this would follow, without printing it. Repeatable.", valueName: "text"))
  var stop: [String] = []

  @Flag(help: "End the text where the model ends it, as it learned from several texts.")
  var stopAtEnd = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make the whole text match this regular expression; it ends where the model would leave it.",
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
