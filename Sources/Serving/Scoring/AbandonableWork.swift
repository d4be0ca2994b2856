import Dispatch
import Synchronization

/// Work on a queue for somebody who may leave before it is done.
struct AbandonableWork: Sendable {
  /// Throws `CancellationError` if nobody waits any longer; the work calls it now and then.
  let check: @Sendable () throws -> Void

  /// Does `work` on `queue`, and waits for it.
  /// - Throws: what `work` throws.
  static func perform<Value: Sendable>(
    on queue: DispatchQueue, _ work: @escaping @Sendable (AbandonableWork) throws -> Value
  ) async throws -> Value {
    let isAbandoned = Flag()
    let check: @Sendable () throws -> Void = {
      if isAbandoned.value.load(ordering: .relaxed) { throw CancellationError() }
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        queue.async {
          continuation.resume(
            with: Result {
              try check()
              return try work(AbandonableWork(check: check))
            })
        }
      }
    } onCancel: {
      isAbandoned.value.store(true, ordering: .relaxed)
    }
  }

  private final class Flag: Sendable {
    let value = Atomic(false)
  }
}
