import Kernels
import Processes

/// The speed of the messages between processes.
package struct MessageSpeed: Sendable, Equatable {
  /// Seconds of a short message from process 0 to all, and an answer of each, for every message on
  /// the longest way: `log2` of the processes there, and as many back.
  package var latency: Double
  /// Bytes that each process sends in a second while floats are added up.
  package var bytesPerSecond: Double

  package init(latency: Double, bytesPerSecond: Double) {
    self.latency = latency
    self.bytesPerSecond = bytesPerSecond
  }

  private static let repetitionCount = 51
  private static let floatCount = 1 << 20

  /// Measures the speed between the processes of a group.
  package static func measure(_ group: ProcessGroup) -> MessageSpeed {
    func median(_ command: ProcessCommand, _ work: () -> Void) -> Double {
      let times = (0..<repetitionCount).map { _ in
        var command = command
        return ContinuousClock().measure {
          group.broadcast(&command)
          work()
        }.seconds
      }
      return times.sorted()[repetitionCount / 2]
    }
    let roundTrip = median(ProcessCommand(kind: .answer)) {
      _ = group.gather([UInt8(0)])
    }
    let sum = median(ProcessCommand(kind: .addUp, number: floatCount)) {
      group.addUp(floatCount)
    }
    let sent = sentShare(group.count) * Double(floatCount * MemoryLayout<Float>.size)
    return MessageSpeed(
      latency: roundTrip / (2 * hops(group.count)),
      bytesPerSecond: sent / max(1e-9, sum - roundTrip / 2))
  }

  /// Messages on the longest way from one process to all.
  private static func hops(_ processCount: Int) -> Double {
    Double(Int.bitWidth - (processCount - 1).leadingZeroBitCount)
  }

  /// The bytes that a process sends for each byte of a sum: the others' slices, and its own to all.
  private static func sentShare(_ processCount: Int) -> Double {
    2 * Double(processCount - 1) / Double(processCount)
  }

  /// Seconds to add up `byteCount` bytes over all processes.
  package func seconds(toAddUp byteCount: Int, over processCount: Int) -> Double {
    guard processCount > 1 else { return 0 }
    return Self.sentShare(processCount) * Double(byteCount) / bytesPerSecond
      + 2 * Self.hops(processCount) * latency
  }

  /// Seconds of a short message to all, and an answer of each.
  package func secondsOfRoundTrip(over processCount: Int) -> Double {
    processCount > 1 ? 2 * Self.hops(processCount) * latency : 0
  }
}

extension ProcessGroup {
  /// Adds up zeros.
  func addUp(_ count: Int) {
    let values = AlignedBuffer<Float>(repeating: 0, count: count)
    let sum = SumFromTheEnd(self, values.start, count: count)
    sum.isFinal(from: 0)
    sum.finish()
  }
}
