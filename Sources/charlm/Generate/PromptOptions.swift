import ArgumentParser
import Generation
import ModelFiles
import Tokenization

/// What `generate` goes on from.
struct PromptOptions: ParsableArguments {
  @Option(help: "The text to go on from.")
  var prompt: String?

  @Option(help: "A file with the text to go on from; '-' is standard input.")
  var promptFile: String?

  @Option(
    help: ArgumentHelp(
      "A text of any length to read before the prompt, without printing it; '-' is standard input.",
      valueName: "file"))
  var warmUp: String?

  @Option(
    help: ArgumentHelp("Go on where --save-state left off, with the same model.", valueName: "file")
  )
  var loadState: String?

  @Option(
    help: ArgumentHelp(
      "Keep where the text ended, so that it can be gone on from later without reading it again.",
      valueName: "file"))
  var saveState: String?

  @Flag(help: "Make an unknown character of the prompt an error.")
  var strict = false

  /// - Parameter files: what else is read.
  /// - Throws: `UsageError` or `StorageError.cannotCreate`.
  func check(files: [String]) throws {
    guard prompt == nil || promptFile == nil else { throw UsageError.severalPrompts }
    let inputs = files + [promptFile, warmUp].compactMap(\.self)
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    try checkOutputs([("--save-state", saveState)], besides: inputs)
  }

  /// Where the text begins, before the prompt.
  func context(
    _ generator: inout TextGenerator, models: [TextModel], encoding: EncodingOptions,
    shared: SharedOptions
  ) throws -> GenerationState {
    var context =
      try loadState.map { try GenerationState(path: $0, models: models) }
      ?? generator.initialState
    if let warmUp {
      let source = try TextSource.input(warmUp)
      let unknownCount = try generator.read(
        source, invalidUTF8: encoding.invalidUTF8, into: &context)
      if unknownCount > 0 {
        shared.note(
          "charlm: the model does not know \(unknownCount.grouped) of the characters of --warm-up: "
            + "read as unknown.")
      }
    }
    return context
  }

  /// The prompt, what was made of it told.
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
