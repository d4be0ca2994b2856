import ArgumentParser
import Generation

/// When a text of `generate` ends.
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

  /// - Throws: `GenerationError`.
  func criteria() throws -> StoppingCriteria {
    let criteria = StoppingCriteria(
      length: length, minimumLength: minLength, stops: stop, stopsAtEndOfText: stopAtEnd)
    try criteria.validate()
    return criteria
  }
}
