import Synchronization

/// A prompt on its way through the engine, with the texts that follow it.
final class GenerationTask: Sendable {
  let model: ServedModel
  let request: GenerationRequest
  /// The position of the prompt among those of its group.
  let prompt: Int
  private let group: GenerationGroup

  init(
    model: ServedModel, request: GenerationRequest, prompt: Int, of group: GenerationGroup
  ) {
    self.model = model
    self.request = request
    self.prompt = prompt
    self.group = group
  }

  /// Whether nobody waits for the texts any more.
  var isCancelled: Bool { group.isCancelled }
  /// Whether the texts wait for their reader.
  var isPaused: Bool { group.isFull }

  func report(_ event: GenerationEvent) { group.report(event, of: prompt) }

  /// Ends the events of this prompt.
  func finish(throwing error: (any Error)? = nil) { group.finishOne(throwing: error) }
}

/// Prompts that one client waits for, and the events of their texts that were not read yet.
final class GenerationGroup: Sendable {
  private struct State {
    var unfinished: Int
    var events: [GenerationEvents.Element] = []
    var error: (any Error)?
    /// The reader, if it waits.
    var reader: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>
  private let cancelled = Atomic(false)
  private let unread = Atomic(0)
  let mostUnread: Int

  /// The events of each text that may wait for the reader.
  private static let mostUnreadOfText = 256

  init(promptCount: Int, textCount: Int) {
    state = Mutex(State(unfinished: promptCount))
    mostUnread = Self.mostUnreadOfText * textCount
  }

  /// Whether no text should grow before the reader has read.
  var isFull: Bool { unread.load(ordering: .relaxed) >= mostUnread }

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Ends the texts before their next step.
  func cancel() {
    cancelled.store(true, ordering: .relaxed)
    wakeReader { _ in }
  }

  func report(_ event: GenerationEvent, of prompt: Int) {
    unread.wrappingAdd(1, ordering: .relaxed)
    wakeReader { $0.events.append((prompt, event)) }
  }

  /// Ends the events with the last prompt, or with an error.
  func finishOne(throwing error: (any Error)?) {
    wakeReader {
      $0.unfinished -= 1
      if $0.error == nil { $0.error = error }
    }
    if error != nil { cancel() }
  }

  private func wakeReader(_ change: (inout State) -> Void) {
    let reader = state.withLock { state in
      change(&state)
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  /// The events since the last call, at least one; nil at the end.
  func next() async throws -> [GenerationEvents.Element]? {
    while true {
      try Task.checkCancellation()
      let (events, isOver) = try state.withLock { state in
        defer {
          unread.wrappingSubtract(state.events.count, ordering: .relaxed)
          state.events.removeAll()
        }
        if state.events.isEmpty, let error = state.error { throw error }
        return (state.events, state.unfinished == 0)
      }
      if !events.isEmpty { return events }
      if isOver { return nil }
      guard !isCancelled else { throw CancellationError() }
      await withTaskCancellationHandler {
        await wait()
      } onCancel: {
        cancel()
      }
    }
  }

  private func wait() async {
    await withCheckedContinuation { continuation in
      let isNews = state.withLock { state in
        guard state.events.isEmpty, state.error == nil, state.unfinished > 0, !isCancelled else {
          return true
        }
        state.reader = continuation
        return false
      }
      if isNews { continuation.resume() }
    }
  }
}

/// The events of some prompts, for one reader. Without it, their texts end.
package final class GenerationEvents: Sendable {
  package typealias Element = (prompt: Int, event: GenerationEvent)

  private let group: GenerationGroup
  private let wakeEngine: @Sendable () -> Void

  init(_ group: GenerationGroup, wakeEngine: @escaping @Sendable () -> Void) {
    self.group = group
    self.wakeEngine = wakeEngine
  }

  /// All events since the last call, in the order of each prompt; waits until there is one. Nil at
  /// the end.
  ///
  /// Texts pause while too many events wait.
  package func next() async throws -> [Element]? {
    let events = try await group.next()
    // The engine may have paused the texts only if it had reported as many events before.
    if let events, events.count >= group.mostUnread { wakeEngine() }
    return events
  }

  deinit {
    group.cancel()
    wakeEngine()
  }
}
