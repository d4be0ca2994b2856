import CProcesses
import Dispatch
import Glibc
import Synchronization

/// The processes that mpirun or srun has started together, on one machine or several.
///
/// Process 0 leads: it reads the command line, writes files and makes all decisions that depend on
/// clocks, signals or files. The others do what it broadcasts. All calls below are made by all
/// processes, in the same order.
///
/// A process that no longer answers within a few seconds ends all: each says so and exits with
/// status 75.
package final class ProcessGroup: @unchecked Sendable {  // its timer, used once, is not Sendable
  /// The group of this process; nil if it is alone.
  package static var current: ProcessGroup? { shared.withLock { $0 } }
  private static let shared = Mutex<ProcessGroup?>(nil)

  package let rank: Int
  /// At least 2.
  package let count: Int
  /// The cores of this process: those that it is bound to, or its share of the machine's.
  package let coreCount: Int

  private let library: charlm_processes
  /// Makes all calls of the library, so that one thread at a time does.
  private let queue = DispatchQueue(label: "communication", qos: .userInteractive)
  private let timer: any DispatchSourceTimer
  private let hasEnded = Atomic<Bool>(false)

  private static let watch = Mutex(Watch())

  /// What the library asks and says at any time, from any thread.
  private struct Watch {
    var isEnding: @Sendable () -> Bool = { false }
    var onLoss: @Sendable (_ rank: Int?) -> Void = { _ in }
  }

  /// Joins the other processes if a launcher of MPI has started this one.
  /// - Parameters:
  ///   - folder: the folder of this program, in which the library is looked for.
  ///   - isEnding: whether a signal has asked this process to end; others may be dead by then.
  ///   - onLoss: called before this process ends because another one, of this rank if that is known,
  ///     no longer answers.
  /// - Throws: `ProcessError`.
  package static func join(
    besideExecutableIn folder: String, isEnding: @escaping @Sendable () -> Bool,
    onLoss: @escaping @Sendable (_ rank: Int?) -> Void
  ) throws {
    guard let launcher = MPILauncher() else { return }
    let library = try ProcessLibrary.load(besideExecutableIn: folder, launcher: launcher)
    var (rank, count, coreCount): (Int32, Int32, Int32) = (0, 1, 1)
    watch.withLock { $0 = Watch(isEnding: isEnding, onLoss: onLoss) }
    let reason = library.start(
      &rank, &count, &coreCount,
      { lost in ProcessGroup.watch.withLock(\.onLoss)(lost < 0 ? nil : Int(lost)) },
      { ProcessGroup.watch.withLock(\.isEnding)() ? 1 : 0 })
    if let reason {
      throw ProcessError.cannotStart(reason: String(cString: reason))
    }
    guard count > 1 else {
      library.finish()
      guard let tasks = launcher.taskCount else { return }
      throw ProcessError.alone(taskCount: tasks)
    }
    let group = ProcessGroup(
      library, rank: Int(rank), count: Int(count), coreCount: Int(coreCount))
    shared.withLock { $0 = group }
    group.timer.resume()
  }

  private init(_ library: charlm_processes, rank: Int, count: Int, coreCount: Int) {
    (self.library, self.rank, self.count, self.coreCount) = (library, rank, count, coreCount)
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: .milliseconds(100))
    timer.setEventHandler { library.show_life() }
  }

  // MARK: Data

  /// Copies the bytes of process 0 to all others.
  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    perform { self.library.broadcast(start, Int64(bytes.count)) }
  }

  /// Copies `own`, of the same size in all processes, to process 0.
  /// - Returns: in process 0 those of all, by rank; elsewhere nothing.
  package func gather<Value: BitwiseCopyable>(_ own: [Value]) -> [[Value]] {
    guard !own.isEmpty else { return rank == 0 ? Array(repeating: [], count: count) : [] }
    let all = rank == 0 ? own.count * count : 0
    let values = [Value](unsafeUninitializedCapacity: all) { memory, filled in
      own.withUnsafeBytes { own in
        perform {
          self.library.gather(
            own.baseAddress, Int64(own.count), UnsafeMutableRawPointer(memory.baseAddress))
        }
      }
      filled = all
    }
    return stride(from: 0, to: all, by: own.count).map { Array(values[$0..<$0 + own.count]) }
  }

  /// Copies `own`, of any size, to process 0.
  /// - Returns: in process 0 those of all, by rank; elsewhere nothing.
  package func gather(bytes own: [UInt8]) -> [[UInt8]] {
    let sizes = gather([own.count]).map { $0[0] }
    var most = sizes.max() ?? 0
    withUnsafeMutableBytes(of: &most) { broadcast($0) }
    let all = gather(own + Array(repeating: 0, count: most - own.count))
    return zip(all, sizes).map { Array($0.prefix($1)) }
  }

  /// Replaces each of `values` by the sum of this value over all processes: the same bits in all of
  /// them, and for any implementation of MPI. Ranks are added as a binary tree,
  /// `sum(first ..< last) = sum(first ..< middle) + sum(middle ..< last)`.
  ///
  /// Each process adds up a slice of the values, which it then sends to all: as much traffic as the
  /// ring of an all-reduce.
  func sum(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let start = values.baseAddress, values.count > 0 else { return }
    let ends = (1...count).map { Int32(values.count * $0 / count) }
    let own = (rank > 0 ? Int(ends[rank - 1]) : 0)..<Int(ends[rank])
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, count * own.count)) { received in
      let addends = received.baseAddress!
      library.exchange_slices(start, ends, addends)
      Self.add(addends, 0..<count, size: own.count)
      (start + own.lowerBound).update(from: addends, count: own.count)
      library.gather_slices(start, ends)
    }
  }

  /// Adds up slices of `size` floats into the first of `slices`.
  private static func add(_ values: UnsafeMutablePointer<Float>, _ slices: Range<Int>, size: Int) {
    guard slices.count > 1 else { return }
    let middle = (slices.lowerBound + slices.upperBound) / 2
    add(values, slices.lowerBound..<middle, size: size)
    add(values, middle..<slices.upperBound, size: size)
    let (sums, addends) = (values + slices.lowerBound * size, values + middle * size)
    for index in 0..<size { sums[index] += addends[index] }
  }

  // MARK: While this process computes

  /// Starts `body`, which may call `sum`, while the calling thread computes.
  func performMeanwhile(_ body: @escaping @Sendable () -> Void) {
    library.set_computing(1)
    queue.async(execute: body)
  }

  /// Waits for all that was started.
  func finishMeanwhile() {
    library.set_computing(0)
    queue.sync {}
  }

  private func perform(_ body: () -> Void) {
    queue.sync(execute: body)
  }

  /// Leaves the others; they do, too.
  package func end() {
    guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
    timer.cancel()
    perform { library.finish() }
  }
}
