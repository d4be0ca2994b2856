import Generation
import ModelFiles
import Tokenization

/// A text that a person and a model write in turns. It is independent of any terminal.
///
/// ```swift
/// var session = WritingSession(
///   generator: generator, tokenizer: model.tokenizer, criteria: criteria, settings: settings,
///   seed: 1)
/// try session.write("It was") { print($0, terminator: "") }
/// try session.undo()
/// ```
///
/// Each turn saves the models' state, a few kilobytes, so that undoing restores every bit of it.
/// Each turn has its own seed, one more than that of the turn before, even if that was undone: a
/// retry gives another text.
package struct WritingSession: ~Copyable {
  /// A person's line and the model's answer.
  package struct Turn: Equatable, Sendable {
    /// The line as the model reads it, with the characters that it does not know.
    package let prompt: Prompt
    /// The model's text, up to the point where it was stopped.
    package let answer: String

    package static func == (one: Turn, other: Turn) -> Bool {
      one.prompt.tokens == other.prompt.tokens && one.answer.utf8.elementsEqual(other.answer.utf8)
    }
  }

  /// Thrown by the receiver of the growing text to end the turn.
  package struct Stop: Error {
    package init() {}
  }

  /// A turn and the state before it.
  private struct Step {
    let line: String
    let state: GenerationState
    let textByteCount: Int
  }

  private var generator: TextGenerator
  private let tokenizer: Tokenizer
  private var steps: [Step] = []
  /// The models' state after the text.
  package private(set) var state: GenerationState
  /// The text of the session, without the text that was read before it.
  package private(set) var text = ""
  /// Whether nothing was read before the text; then a model that begins it begins a paragraph, and
  /// where texts hold several documents, the text begins one.
  private let isNewText: Bool
  package private(set) var criteria: StoppingCriteria
  package private(set) var settings: SamplerSettings
  /// The seed of the next turn.
  package var seed: UInt64

  /// - Parameters:
  ///   - state: the state that the text continues; nil for the beginning of a text.
  ///   - criteria: for each turn.
  package init(
    generator: consuming TextGenerator, state: GenerationState? = nil, tokenizer: Tokenizer,
    criteria: StoppingCriteria, settings: SamplerSettings, seed: UInt64
  ) {
    self.state = state ?? generator.initialState
    isNewText = state == nil
    self.generator = generator
    self.tokenizer = tokenizer
    self.criteria = criteria
    self.settings = settings
    self.seed = seed
  }

  // MARK: Turns

  /// Adds a text without an answer, which cannot be undone.
  package mutating func begin(_ prompt: Prompt) throws {
    if !prompt.tokens.isEmpty { state = try start(of: prompt) }
    try read(prompt)
    text += prompt.text
  }

  /// Adds `line` and lets the model continue it.
  /// - Parameters:
  ///   - begin: receives the line as the model reads it, before the first character of the answer.
  ///   - emit: receives the answer as it grows; if it throws `Stop`, the answer ends there.
  /// - Throws: the errors of `begin` and `emit`, or `GenerationSettingsError`; nothing is added
  ///   then.
  @discardableResult
  package mutating func write(
    _ line: String, begin: (Prompt) throws -> Void = { _ in },
    emit: (String) throws -> Void = { _ in }
  ) throws -> Turn {
    let prompt = try Prompt(line, tokenizer: tokenizer, after: text.unicodeScalars.last)
    try begin(prompt)
    let step = Step(line: line, state: state, textByteCount: text.utf8.count)
    let start = try start(of: prompt)
    var answer = ""
    do {
      // If this throws, the partly advanced state must be discarded.
      var grown = start
      answer = try generator.generate(
        after: prompt, from: &grown, until: criteria, settings: settings, seed: seed
      ) {
        try emit($0)
        answer += $0
      }.text
      state = grown
    } catch is Stop {
      state = start
      try read(prompt)
      let previous = prompt.text.unicodeScalars.last ?? text.unicodeScalars.last
      try read(Prompt(answer, tokenizer: tokenizer, after: previous))
    }
    text += prompt.text + answer
    seed &+= 1
    steps.append(step)
    return Turn(prompt: prompt, answer: answer)
  }

  /// Undoes the last turn.
  /// - Returns: the line that it began with.
  /// - Throws: `InteractiveError.nothingToUndo`.
  @discardableResult
  package mutating func undo() throws(InteractiveError) -> String {
    guard let step = steps.popLast() else { throw .nothingToUndo }
    state = step.state
    text = String(decoding: text.utf8.prefix(step.textByteCount), as: UTF8.self)
    return step.line
  }

  /// The state that `prompt` continues.
  private mutating func start(of prompt: Prompt) throws -> GenerationState {
    let splitsTexts = tokenizer.configuration.documents.splitsTexts
    guard isNewText, text.isEmpty, prompt.tokens.isEmpty || splitsTexts else { return state }
    return try generator.paragraphState()
  }

  /// Reads `prompt` into the state.
  private mutating func read(_ prompt: Prompt) throws {
    _ = try generator.generate(
      after: prompt, from: &state, until: StoppingCriteria(length: 0), seed: 0)
  }

  // MARK: Settings

  /// - Throws: `GenerationSettingsError`; nothing changes then.
  package mutating func set(temperature: Double) throws {
    var settings = settings
    settings.temperature = temperature
    try settings.validate()
    self.settings = settings
  }

  /// - Throws: `GenerationSettingsError`; nothing changes then.
  package mutating func set(length: Int) throws {
    var criteria = criteria
    criteria.length = length
    self.criteria = try criteria.compiled(for: tokenizer, banned: settings.banned)
  }

  /// The possible next characters, the most likely first.
  package mutating func nextCharacters() throws -> [NextCharacter] {
    try generator.nextCharacters(after: state, until: criteria, settings: settings)
  }
}
