/// A clock that advances only by `advance` and `sleep`.
final class ManualClock: Clock, @unchecked Sendable {
  // Sendable: a clock must be, and each test has its own.

  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (first: Instant, second: Instant) -> Bool { first.offset < second.offset }
  }

  private(set) var now = Instant(offset: .zero)
  let minimumResolution = Duration.zero

  func advance(by duration: Duration) { now = now.advanced(by: duration) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    now = max(now, deadline)
  }
}
