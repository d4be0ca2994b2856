import ArgumentParser
import Generation
import ModelFiles
import Tokenization

/// The options for the text before the generated one.
struct PromptOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The text to continue.")
  var prompt: String?

  @Option(help: "A file with the text to continue; '-' is standard input.", completion: .file())
  var promptFile: String?

  @Option(
    help: ArgumentHelp(
      "A text of any length to read before the prompt without printing it; '-' is standard input.",
      valueName: "file"), completion: .file())
  var warmUp: String?

  @Option(
    help: ArgumentHelp(
      "Resume from a state that --save-state wrote with the same model.", valueName: "file"),
    completion: .file())
  var loadState: String?

  @Option(
    help: ArgumentHelp(
      "Save the final state, so that generation can resume from it without reading the text again.",
      valueName: "file"), completion: .file())
  var saveState: String?

  @Flag(help: "Treat an unknown character in the prompt as an error.")
  var strict = false

  /// Whether a text is read before the prompt.
  var continuesText: Bool { loadState != nil || warmUp != nil }

  /// - Parameter files: the other files that are read.
  /// - Throws: `UsageError` or `StorageError.cannotCreate`.
  func check(files: [String]) throws {
    guard prompt == nil || promptFile == nil else { throw UsageError.severalPrompts }
    let inputs = files + [promptFile, warmUp].compactMap(\.self)
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    try OutputPaths.check([("--save-state", saveState)], besides: inputs)
  }

  /// The state before the prompt. Without any text, it is that after a paragraph break, because a
  /// model has read few beginnings of texts and many of paragraphs. Where texts hold several
  /// documents, a prompt begins one.
  func state(
    _ generator: inout TextGenerator, models: [TextModel], prompt: Prompt,
    encoding: EncodingOptions, shared: SharedOptions
  ) throws -> GenerationState {
    let splitsTexts = models[0].tokenizer.configuration.documents.splitsTexts
    var state =
      try loadState.map { try GenerationState(path: $0, models: models) }
      ?? (!continuesText && (prompt.tokens.isEmpty || splitsTexts)
        ? generator.paragraphState() : generator.initialState)
    if let warmUp {
      let source = try TextSource.input(warmUp).substituting(
        for: models[0].tokenizer, option: "--warm-up", encoding: encoding, shared: shared)
      _ = try generator.read(source, invalidUTF8: encoding.invalidUTF8, into: &state)
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
    let given = text ?? understood(self.prompt ?? "", by: tokenizer, shared: shared)
    let prompt = try Prompt(given, tokenizer: tokenizer, strict: strict)
    for note in prompt.notes(on: "the prompt") { shared.note(note) }
    return prompt
  }

  /// A prompt of the command line in which backslash and n are a new line, if the model knows no
  /// backslash.
  private func understood(
    _ prompt: String, by tokenizer: Tokenizer, shared: SharedOptions
  ) -> String {
    guard !strict, prompt.contains(#"\n"#),
      tokenizer.vocabulary.id(of: #"\"#) == Vocabulary.unknown,
      tokenizer.configuration.unit != .byte
    else { return prompt }
    shared.note(#"The model has never seen a backslash: '\n' is read as a new line."#)
    return prompt.replacing(#"\n"#, with: "\n")
  }
}
