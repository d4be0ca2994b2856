import FoundationEssentials
import Glibc
import RecurrentNetwork

/// The memory that this process may use.
enum MachineMemory {
  /// The bytes of the machine, or of the control group or the address space that limits the
  /// process.
  static let byteCount: Double = {
    let machine = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    return ([machine, addressSpace] + controlGroups).compactMap { $0 }.min()!
  }()

  /// Rejects work that does not fit, before anything is allocated for it.
  /// - Parameters:
  ///   - work: what needs the memory, as the subject of a sentence.
  ///   - remedy: what to do.
  /// - Throws: `UsageError.needsMemory`.
  static func check(_ bytes: Double, for work: String, remedy: @autoclosure () -> String) throws {
    guard bytes > byteCount else { return }
    throw UsageError.needsMemory(
      work: work, needed: gigabytes(bytes), available: gigabytes(byteCount), remedy: remedy())
  }

  /// Rejects a network that cannot be trained here.
  /// - Throws: `UsageError.needsMemory`.
  static func check(
    training network: NetworkConfiguration, batchSize: Int, windowLength: Int
  ) throws {
    func bytes(_ hiddenSize: Int) -> Double {
      var network = network
      network.hiddenSize = hiddenSize
      network.embeddingSize = min(network.embeddingSize, hiddenSize)
      return network.trainingByteCount(batchSize: batchSize, windowLength: windowLength)
    }
    try check(
      network.trainingByteCount(batchSize: batchSize, windowLength: windowLength),
      for: "Training this network",
      remedy: remedy(largest(below: network.hiddenSize) { bytes($0) <= byteCount }))
  }

  private static func remedy(_ hiddenSize: Int?) -> String {
    guard let hiddenSize else { return "choose a smaller --batch-size, --window or --layers" }
    return "choose a smaller --hidden-size (at most \(hiddenSize.grouped) here), --layers, "
      + "--batch-size or --window"
  }

  /// The largest number that fits; nil if none does.
  private static func largest(below limit: Int, _ fits: (Int) -> Bool) -> Int? {
    var (low, high) = (0, limit)
    while high - low > 1 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return low == 0 ? nil : low
  }

  private static func gigabytes(_ bytes: Double) -> String {
    bytes < 1e9 ? "\((bytes / 1e6).fixed(0)) MB" : "\((bytes / 1e9).fixed(bytes < 1e10 ? 1 : 0)) GB"
  }

  // MARK: Limits of the process

  private static var addressSpace: Double? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur != rlim_t.max
    else { return nil }
    return Double(limit.rlim_cur)
  }

  /// The limits of the process's control groups and of those above them (cgroups(7), both
  /// versions).
  private static var controlGroups: [Double?] {
    guard let lines = text("/proc/self/cgroup") else { return [] }
    return lines.split(separator: "\n").flatMap { line -> [Double?] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { return [] }
      let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      let name = isUnified ? "memory.max" : "memory.limit_in_bytes"
      let groups = parts[2].split(separator: "/")
      return (0...groups.count).map { depth in
        let path = ([root] + groups.prefix(depth).map(String.init) + [name]).joined(separator: "/")
        return text(path).flatMap { Double($0.filter { $0 != "\n" }) }
      }
    }
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
