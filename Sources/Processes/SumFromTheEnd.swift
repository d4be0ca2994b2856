/// Adds up floats over all processes, piece by piece from the end as they become final, while the
/// calling thread computes those before them.
package final class SumFromTheEnd {
  private let group: ProcessGroup
  private let values: SendablePointer
  /// The first of the floats that are being added up, or have been.
  private var position: Int

  /// Smaller pieces wait for the next ones: each costs the latency of a message.
  private static let leastCount = 1 << 16
  /// Larger pieces are divided, for the memory that they need.
  private static let mostCount = 1 << 20

  package init(_ group: ProcessGroup, _ values: UnsafeMutablePointer<Float>, count: Int) {
    self.group = group
    self.values = SendablePointer(start: values)
    position = count
  }

  /// Called with ever smaller offsets, at last with 0, in all processes with the same.
  package func isFinal(from offset: Int) {
    guard offset == 0 || position - offset >= Self.leastCount else { return }
    while position > offset {
      let first = max(offset, position - Self.mostCount)
      let piece = first..<position
      position = first
      group.performMeanwhile { [group, values] in
        group.sum(
          UnsafeMutableBufferPointer(start: values.start + piece.lowerBound, count: piece.count))
      }
    }
  }

  /// Waits for all sums.
  package func finish() {
    precondition(position == 0, "all floats are final")
    group.finishMeanwhile()
  }
}

/// Floats that one thread at a time accesses.
private struct SendablePointer: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
}
