import Dispatch
import Glibc
import Kernels
import Synchronization

/// Generates the texts of all requests, on one thread of its own and the threads of its processor.
///
/// Requests of one model share each step as one product (`TextBatch`): they join as soon as their
/// prompt is read and leave when they are complete or cancelled. A text depends on its seed alone,
/// whatever else is generated; it is that of `TextGenerator`. Models take turns, a step each. A text
/// whose reader is slow pauses, so that it takes no time from others.
package final class InferenceEngine: Sendable {
  /// Counts for monitoring.
  package struct Load: Sendable, Equatable {
    /// Prompts that wait or whose texts grow.
    package var requests = 0
    /// Texts that grow.
    package var texts = 0

    package init() {}
  }

  private struct Inbox {
    var tasks: [GenerationTask] = []
    var load = Load()
    var isEnding = false
    var isStopped = false
  }

  private let processor: Processor
  private let mostTexts: Int
  private let mostRequests: Int
  private let inbox = Mutex(Inbox())
  private let news = DispatchSemaphore(value: 0)
  private let stopped = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - mostTexts: the most texts of a model that grow side by side.
  ///   - mostRequests: the most prompts that wait or whose texts grow.
  package init(processor: Processor, mostTexts: Int, mostRequests: Int) {
    self.processor = processor
    self.mostTexts = mostTexts
    self.mostRequests = mostRequests
    startThread()
  }

  package var load: Load { inbox.withLock(\.load) }

  /// Generates the texts after some prompts, until the events have no reader any more.
  /// - Throws: `ServingError.busy` or `.endingSoon`.
  package func generate(
    _ requests: [GenerationRequest], with model: ServedModel
  ) throws -> GenerationEvents {
    let group = GenerationGroup(
      promptCount: requests.count, textCount: requests.reduce(0) { $0 + $1.seeds.count })
    let tasks = requests.enumerated().map {
      GenerationTask(model: model, request: $1, prompt: $0, of: group)
    }
    try inbox.withLock { inbox in
      guard !inbox.isEnding else { throw ServingError.endingSoon }
      guard inbox.load.requests + tasks.count <= mostRequests else { throw ServingError.busy }
      inbox.load.requests += tasks.count
      inbox.tasks += tasks
    }
    news.signal()
    return GenerationEvents(group) { [weak self] in self?.news.signal() }
  }

  /// Accepts no further requests.
  package func end() { inbox.withLock { $0.isEnding = true } }

  /// Ends all requests and the thread.
  package func stop() {
    inbox.withLock {
      $0.isEnding = true
      $0.isStopped = true
    }
    news.signal()
    stopped.wait()
  }

  // MARK: The thread

  private func startThread() {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<InferenceEngine>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(status == 0, "the system has no thread left")
    pthread_detach(thread)
  }

  private func run() {
    var lanes: [ModelLane] = []
    while true {
      let isBusy = lanes.contains { !$0.isIdle }
      if !isBusy { news.wait() }
      let (tasks, isStopped) = inbox.withLock { inbox in
        defer { inbox.tasks.removeAll() }
        return (inbox.tasks, inbox.isStopped)
      }
      for task in tasks { lane(of: task.model, in: &lanes).add(task) }
      lanes.removeAll { $0.isIdle && !$0.hasPausedTexts && $0.model.isDropped }
      if isStopped { break }
      var ended = 0
      for lane in lanes { ended += lane.advance() }
      let texts = lanes.reduce(0) { $0 + $1.growingCount }
      inbox.withLock {
        $0.load.requests -= ended
        $0.load.texts = texts
      }
    }
    for lane in lanes { lane.fail(.endingSoon) }
    stopped.signal()
  }

  private func lane(of model: ServedModel, in lanes: inout [ModelLane]) -> ModelLane {
    if let known = lanes.first(where: { $0.model === model }) { return known }
    let lane = ModelLane(model, mostTexts: mostTexts, processor: processor)
    lanes.append(lane)
    return lane
  }
}
