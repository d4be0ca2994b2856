import Generation
import Tokenization

extension Generate {
  /// - Throws: `UsageError`.
  func checkInteractive() throws {
    let rivals: [(name: String, isGiven: Bool)] = [
      ("--json", json), ("--count", search.count > 1), ("--best-of", search.bestOf != nil),
      ("--beams", search.beams != nil), ("--prompt-file -", beginning.promptFile == "-"),
      ("--warm-up -", beginning.warmUp == "-"),
    ]
    if let rival = rivals.first(where: \.isGiven) {
      throw UsageError.excludes(option: "--interactive", other: rival.name)
    }
    guard RawTerminal.isAvailable else { throw UsageError.noTerminal }
  }

  /// Lets a person and the model write in turns.
  /// - Returns: where the text ended.
  func write(
    by generator: consuming TextGenerator, tokenizer: Tokenizer, from context: GenerationState,
    after prompt: Prompt, settings: SamplerSettings, seed: UInt64
  ) throws -> GenerationState {
    var session = try WritingSession(
      generator: generator, context: context, tokenizer: tokenizer,
      criteria: stopping.criteria(), settings: settings, seed: seed)
    try session.begin(prompt)
    let console = InteractiveConsole(vocabulary: tokenizer.vocabulary, isQuiet: shared.quiet)
    try RawTerminal.use { try console.run(&session) }
    return session.context
  }
}
