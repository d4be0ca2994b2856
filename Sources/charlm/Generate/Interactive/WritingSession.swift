import Generation
import ModelFiles
import Tokenization

/// A text that a person and a model write in turns. It knows no terminal.
///
/// ```swift
/// var session = WritingSession(
///   generator: generator, tokenizer: model.tokenizer, criteria: criteria, settings: settings, seed: 1)
/// try session.write("It was") { print($0, terminator: "") }
/// try session.undo()
/// ```
///
/// Before each turn the models' state is kept, a few kilobytes, so that undoing brings back every bit of it. Each
/// turn has a seed of its own, one greater than that of the turn before, undone or not: what is
/// tried again becomes another text.
package struct WritingSession: ~Copyable {
  /// What a person added, and what the model did.
  package struct Turn: Equatable, Sendable {
    /// What of the line the model does not know, see `Prompt`.
    package let prompt: Prompt
    /// The model's text, up to where it was stopped.
    package let answer: String

    package static func == (one: Turn, other: Turn) -> Bool {
      one.prompt.tokens == other.prompt.tokens && one.answer.utf8.elementsEqual(other.answer.utf8)
    }
  }

  /// Thrown by whoever is given the text as it grows, to end the turn there.
  package struct Stop: Error {
    package init() {}
  }

  /// A turn and what was before it.
  private struct Step {
    let line: String
    let context: GenerationState
    let textByteCount: Int
  }

  private var generator: TextGenerator
  private let tokenizer: Tokenizer
  private var steps: [Step] = []
  /// Where the models stand in the text.
  package private(set) var context: GenerationState
  /// What was written, without what was read before.
  package private(set) var text = ""
  package private(set) var criteria: StoppingCriteria
  package private(set) var settings: SamplerSettings
  /// Of the next turn.
  package var seed: UInt64

  /// - Parameters:
  ///   - context: where the text begins; the beginning of one where nil.
  ///   - criteria: of each turn.
  package init(
    generator: consuming TextGenerator, context: GenerationState? = nil, tokenizer: Tokenizer,
    criteria: StoppingCriteria, settings: SamplerSettings, seed: UInt64
  ) {
    self.context = context ?? generator.initialState
    self.generator = generator
    self.tokenizer = tokenizer
    self.criteria = criteria
    self.settings = settings
    self.seed = seed
  }

  // MARK: Turns

  /// Adds a text without an answer, which cannot be undone.
  package mutating func begin(_ prompt: Prompt) throws {
    try read(prompt)
    text += prompt.text
  }

  /// Adds `line`, and lets the model go on behind it.
  /// - Parameters:
  ///   - begin: is given the line as the model reads it, before the first character of the answer.
  ///   - emit: is given the answer as it grows; where it throws `Stop`, the answer ends there.
  /// - Throws: what `begin` and `emit` throw, or `GenerationSettingsError`; nothing is added then.
  @discardableResult
  package mutating func write(
    _ line: String, begin: (Prompt) throws -> Void = { _ in },
    emit: (String) throws -> Void = { _ in }
  ) throws -> Turn {
    let prompt = try Prompt(line, tokenizer: tokenizer)
    try begin(prompt)
    let step = Step(line: line, context: context, textByteCount: text.utf8.count)
    var answer = ""
    do {
      // Where it is thrown out of the context is of no use.
      var grown = context
      answer = try generator.generate(
        after: prompt, from: &grown, until: criteria, settings: settings, seed: seed
      ) {
        try emit($0)
        answer += $0
      }.text
      context = grown
    } catch is Stop {
      try read(prompt)
      try read(Prompt(answer, tokenizer: tokenizer))
    }
    text += prompt.text + answer
    seed &+= 1
    steps.append(step)
    return Turn(prompt: prompt, answer: answer)
  }

  /// Takes the last turn back.
  /// - Returns: the line that it began with.
  /// - Throws: `InteractiveError.nothingToUndo`.
  @discardableResult
  package mutating func undo() throws(InteractiveError) -> String {
    guard let step = steps.popLast() else { throw .nothingToUndo }
    context = step.context
    text = String(decoding: text.utf8.prefix(step.textByteCount), as: UTF8.self)
    return step.line
  }

  /// Moves the context behind `prompt`.
  private mutating func read(_ prompt: Prompt) throws {
    _ = try generator.generate(
      after: prompt, from: &context, until: StoppingCriteria(length: 0), seed: 0)
  }

  // MARK: Settings

  /// - Throws: `GenerationSettingsError`, and all stays as it is.
  package mutating func set(temperature: Double) throws {
    var settings = settings
    settings.temperature = temperature
    try settings.validate()
    self.settings = settings
  }

  /// - Throws: `GenerationSettingsError`, and all stays as it is.
  package mutating func set(length: Int) throws {
    var criteria = criteria
    criteria.length = length
    self.criteria = try criteria.compiled(for: tokenizer, banned: settings.banned)
  }

  /// What may come next, the likeliest first.
  package mutating func nextCharacters() throws -> [NextCharacter] {
    try generator.nextCharacters(after: context, until: criteria, settings: settings)
  }
}
