import Generation
import Kernels
import RecurrentNetwork
import Tokenization

/// All texts of one model: prompts that wait or are being read, and the batch of texts that grow.
///
/// Only the engine's thread uses it.
final class ModelLane {
  let model: ServedModel
  private let processor: Processor
  private let mostTexts: Int
  private var generator: TextGenerator
  private var scorer: Predictor?
  private var batch: TextBatch
  /// The texts of the batch, in its order.
  private var growing: [GrowingText] = []
  /// Texts whose readers are slow, with the states that they had in the batch.
  private var paused: [(text: GrowingText, states: [RecurrentState])] = []
  private var waiting: [GenerationTask] = []
  private var reading: PromptReading?
  private var cache = PrefixCache()
  private var paragraphState: GenerationState?

  /// The tokens of prompts that are read before texts grow again: longer prompts do not hold up
  /// other texts.
  private static let tokensPerTurn = 128

  private struct GrowingText {
    let text: BatchedText
    let task: GenerationTask
    let index: Int
    /// The state after the prompt.
    let start: GenerationState
    /// The tokens so far, without one that left a pattern.
    var tokens: [TokenID] = []
  }

  private struct PromptReading {
    let task: GenerationTask
    let tokens: [TokenID]
    var state: GenerationState
    /// The number of tokens that were read.
    var count: Int
    var scores: [TokenScore] = []
  }

  /// - Parameter mostTexts: the most texts in the batch, unless a single request has more.
  init(_ model: ServedModel, mostTexts: Int, processor: Processor) {
    self.model = model
    self.mostTexts = mostTexts
    self.processor = processor
    generator = TextGenerator(model.model, processor: processor)
    batch = TextBatch([model.model.weights], processor: processor)
  }

  /// Whether there is nothing to do until a request or a reader comes.
  var isIdle: Bool { waiting.isEmpty && reading == nil && growing.isEmpty }
  var hasPausedTexts: Bool { !paused.isEmpty }
  /// The number of texts that grow.
  var growingCount: Int { growing.count }

  func add(_ task: GenerationTask) { waiting.append(task) }

  /// Reads a part of the prompts and advances each text by a token.
  /// - Returns: the tasks that ended.
  func advance() -> Int {
    var endedTasks = dropCancelled()
    resumeTexts()
    pauseTexts()
    endedTasks += readPrompts()
    guard !growing.isEmpty else { return endedTasks }
    batch.step()
    return endedTasks + report()
  }

  /// Ends all tasks.
  func fail(_ error: ServingError) {
    let texts = growing + paused.map(\.text)
    for task in waiting + [reading?.task].compactMap(\.self) + texts.map(\.task) {
      task.finish(throwing: error)
    }
    (waiting, reading, growing, paused) = ([], nil, [], [])
  }

  private func dropCancelled() -> Int {
    let tasks = waiting.count
    waiting.removeAll(where: \.isCancelled)
    var ended = tasks - waiting.count
    if reading?.task.isCancelled == true {
      reading = nil
      ended += 1
    }
    let texts = growing + paused.map(\.text)
    let gone = Set(texts.filter(\.task.isCancelled).map { ObjectIdentifier($0.task) })
    guard !gone.isEmpty else { return ended }
    paused.removeAll { gone.contains(ObjectIdentifier($0.text.task)) }
    leave { gone.contains(ObjectIdentifier($0.task)) }
    return ended + gone.count
  }

  // MARK: Slow readers

  private func pauseTexts() {
    let slow = growing.indices.filter { growing[$0].task.isPaused }
    guard !slow.isEmpty else { return }
    paused += slow.map { (growing[$0], batch.states(of: $0)) }
    let texts = Set(slow.map { ObjectIdentifier(growing[$0].text) })
    leave { texts.contains(ObjectIdentifier($0.text)) }
  }

  private func resumeTexts() {
    var room = mostTexts - growing.count
    let ready = paused.filter { text, _ in
      guard room > 0, !text.task.isPaused else { return false }
      room -= 1
      return true
    }
    guard !ready.isEmpty else { return }
    let resumed = Set(ready.map { ObjectIdentifier($0.text.text) })
    paused.removeAll { resumed.contains(ObjectIdentifier($0.text.text)) }
    batch.rejoin(ready.map(\.text.text), from: ready.map(\.states))
    growing += ready.map(\.text)
  }

  // MARK: Prompts

  private func readPrompts() -> Int {
    var (budget, ended) = (Self.tokensPerTurn, 0)
    while budget > 0 {
      if reading == nil {
        guard let next = waiting.first,
          growing.isEmpty || growing.count + next.request.seeds.count <= mostTexts
        else { break }
        waiting.removeFirst()
        do {
          reading = try begin(next)
        } catch {
          next.finish(throwing: error)
          ended += 1
          continue
        }
      }
      let length = min(budget, reading!.tokens.count - reading!.count)
      read(length)
      budget -= max(1, length)
      guard let complete = reading, complete.count == complete.tokens.count else { continue }
      reading = nil
      ended += start(complete)
    }
    return ended
  }

  private func begin(_ task: GenerationTask) throws -> PromptReading {
    let request = task.request
    // `<|endoftext|>` is what the state at the beginning of a text reads first.
    let tokens = Array(
      request.prompt.first == Vocabulary.endOfText ? request.prompt[1...] : request.prompt[...])
    if !request.scoresPrompt, let known = cache.state(before: tokens, request.beginning) {
      return PromptReading(task: task, tokens: tokens, state: known.state, count: known.count)
    }
    return PromptReading(
      task: task, tokens: tokens, state: try state(request.beginning), count: 0)
  }

  private func state(_ beginning: GenerationRequest.Beginning) throws -> GenerationState {
    guard beginning == .paragraph else { return generator.initialState }
    if let paragraphState { return paragraphState }
    let state = try generator.paragraphState()
    paragraphState = state
    return state
  }

  /// Reads further tokens of the current prompt.
  private func read(_ count: Int) {
    guard count > 0, var prompt = reading else { return }
    let tokens = Array(prompt.tokens[prompt.count..<prompt.count + count])
    if prompt.task.request.scoresPrompt {
      prompt.scores += score(
        tokens, from: &prompt.state, candidateCount: prompt.task.request.candidateCount ?? 0)
    } else {
      generator.read(tokens, into: &prompt.state)
    }
    prompt.count += count
    reading = prompt
  }

  private func score(
    _ tokens: [TokenID], from state: inout GenerationState, candidateCount: Int
  ) -> [TokenScore] {
    if scorer == nil { scorer = Predictor(weights: model.model.weights, processor: processor) }
    var scores: [TokenScore] = []
    tokens.withUnsafeBufferPointer { tokens in
      scorer!.forEachLogits(tokens, after: &state.pendingToken, state: &state.states[0]) {
        position, logits in
        scores.append(
          TokenScore(
            token: tokens[position],
            nats: Continuation.negativeLogProbability(
              of: tokens[position], logits, processor.kernels),
            candidates: TokenScore.candidates(logits, count: candidateCount)))
      }
    }
    state.recent.append(contentsOf: tokens)
    return scores
  }

  /// Begins the texts after a prompt that was read.
  /// - Returns: 1 if the task ended already.
  private func start(_ prompt: PromptReading) -> Int {
    let task = prompt.task
    task.report(.promptRead(prompt.scores))
    cache.insert(prompt.state, after: prompt.tokens, task.request.beginning)
    let texts: [BatchedText]
    do {
      texts = try generator.texts(
        seeds: task.request.seeds, after: prompt.state.recent.tokens,
        until: task.request.criteria, settings: task.request.settings,
        candidateCount: task.request.candidateCount)
    } catch {
      task.finish(throwing: error)
      return 1
    }
    if texts.allSatisfy(\.continuation.isComplete) {
      for (index, text) in texts.enumerated() {
        task.report(.ended(index: index, text.continuation.result))
      }
      task.finish()
      return 1
    }
    var state = prompt.state
    let logits = generator.logits(after: [], state: &state)
    batch.join(texts, after: state.states, logits: logits)
    growing += texts.enumerated().map {
      GrowingText(text: $1, task: task, index: $0, start: prompt.state)
    }
    return report()
  }

  // MARK: Texts

  /// Reports what the texts gained, and lets complete ones leave.
  /// - Returns: the number of tasks that ended.
  private func report() -> Int {
    for position in growing.indices { report(position) }
    let complete = growing.filter(\.text.continuation.isComplete)
    guard !complete.isEmpty else { return 0 }
    leave(where: \.text.continuation.isComplete)
    let unfinished = Set((growing + paused.map(\.text)).map { ObjectIdentifier($0.task) })
    var ended: [ObjectIdentifier: GenerationTask] = [:]
    for text in complete where !unfinished.contains(ObjectIdentifier(text.task)) {
      ended[ObjectIdentifier(text.task)] = text.task
    }
    for task in ended.values { task.finish() }
    return ended.count
  }

  private func report(_ position: Int) {
    let (text, task) = (growing[position].text, growing[position].task)
    let index = growing[position].index
    let (newText, scores) = (text.takeNewText(), text.takeScores())
    if !newText.isEmpty || !scores.isEmpty {
      task.report(.text(index: index, newText, scores))
    }
    let continuation = text.continuation
    if !continuation.hasLeftPattern, continuation.tokenCount > growing[position].tokens.count {
      growing[position].tokens.append(continuation.token)
    }
    guard text.continuation.isComplete else { return }
    keepState(position)
    task.report(.ended(index: index, text.continuation.result))
  }

  /// Keeps the state after a text for prompts that continue it.
  private func keepState(_ position: Int) {
    let text = growing[position]
    guard !text.text.continuation.hasLeftPattern, !text.tokens.isEmpty else { return }
    var state = text.start
    state.advance(over: text.tokens, states: batch.states(of: position))
    let prompt = text.task.request.prompt
    let before = prompt.first == Vocabulary.endOfText ? prompt[1...] : prompt[...]
    cache.insert(state, after: before + text.tokens, text.task.request.beginning)
  }

  private func leave(where leaves: (GrowingText) -> Bool) {
    let gone = Set(growing.filter(leaves).map { ObjectIdentifier($0.text) })
    batch.leave { gone.contains(ObjectIdentifier($0)) }
    growing.removeAll { gone.contains(ObjectIdentifier($0.text)) }
  }
}
