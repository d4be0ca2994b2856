import ArgumentParser
import Generation
import ModelFiles
import Tokenization

/// The options for the text before the generated one.
struct PromptOptions: ParsableArguments {
  @Option(help: "The text to continue.")
  var prompt: String?

  @Option(help: "A file with the text to continue; '-' is standard input.")
  var promptFile: String?

  @Option(
    help: ArgumentHelp(
      "A text of any length to read before the prompt without printing it; '-' is standard input.",
      valueName: "file"))
  var warmUp: String?

  @Option(
    help: ArgumentHelp(
      "Resume from a state that --save-state wrote with the same model.", valueName: "file")
  )
  var loadState: String?

  @Option(
    help: ArgumentHelp(
      "Save the final state, so that generation can resume from it without reading the text again.",
      valueName: "file"))
  var saveState: String?

  @Flag(help: "Treat an unknown character in the prompt as an error.")
  var strict = false

  /// - Parameter files: the other files that are read.
  /// - Throws: `UsageError` or `StorageError.cannotCreate`.
  func check(files: [String]) throws {
    guard prompt == nil || promptFile == nil else { throw UsageError.severalPrompts }
    let inputs = files + [promptFile, warmUp].compactMap(\.self)
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    try OutputPaths.check([("--save-state", saveState)], besides: inputs)
  }

  /// The state before the prompt.
  func state(
    _ generator: inout TextGenerator, models: [TextModel], encoding: EncodingOptions,
    shared: SharedOptions
  ) throws -> GenerationState {
    var state =
      try loadState.map { try GenerationState(path: $0, models: models) }
      ?? generator.initialState
    if let warmUp {
      let source = try TextSource.input(warmUp)
      let unknownCount = try generator.read(
        source, invalidUTF8: encoding.invalidUTF8, into: &state)
      if unknownCount > 0 {
        shared.note(
          "charlm: the model does not know \(unknownCount.grouped) of the characters of --warm-up: "
            + "they are read as unknown.")
      }
    }
    return state
  }

  /// The prompt, after a note about the characters that were replaced in it.
  func prompt(
    for tokenizer: Tokenizer, encoding: EncodingOptions, shared: SharedOptions
  ) throws -> Prompt {
    let text = try promptFile.map {
      try TextSource.input($0).wholeText(invalidUTF8: encoding.invalidUTF8)
    }
    let prompt = try Prompt(text ?? self.prompt ?? "", tokenizer: tokenizer, strict: strict)
    if let substitutions = prompt.substitutions {
      let count = substitutions.count
      shared.note(
        "charlm: the model does not know \(count.grouped) character\(count == 1 ? "" : "s") of the prompt: "
          + "read \(substitutions.list).")
    }
    if let unknowns = prompt.unknowns {
      shared.note("charlm: the model does not know \(unknowns) of the prompt: replaced.")
    }
    return prompt
  }
}
