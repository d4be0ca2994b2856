import CKernels
import Glibc

/// How many processors a process may use: those to which it is bound, and the share of their time
/// that its control groups grant (as containers and batch systems set it).
package struct ProcessorCount: Equatable, Sendable {
  /// The processors to which the process is bound.
  package let bound: Int
  /// The processors' time that it gets, in processors; nil if that is not limited.
  package let quota: Double?

  package static let own = ProcessorCount(bound: charlm_bound_processor_count(), quota: quota())

  package init(bound: Int, quota: Double?) {
    (self.bound, self.quota) = (bound, quota)
  }

  /// At least 1.
  package var available: Int { max(1, min(bound, quota.map { Int($0.rounded(.up)) } ?? bound)) }

  /// Whether threads may spin while they wait: none takes time from those at work.
  package func letsSpin(_ threadCount: Int) -> Bool {
    threadCount <= bound && Double(threadCount) <= quota ?? .infinity
  }

  // MARK: Control groups

  /// The smallest quota of the control groups of a process, which are nested.
  /// - Parameters:
  ///   - groups: its file `/proc/PID/cgroup`: lines `number:controllers:path`, or `0::path` in
  ///     version 2 (cgroups(7), cgroup-v2.rst).
  ///   - root: where the groups are mounted.
  package static func quota(
    groups: String = "/proc/self/cgroup", root: String = "/sys/fs/cgroup"
  ) -> Double? {
    let quotas = lines(groups).flatMap { line -> [Double] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      if fields[1].isEmpty {
        return folders(from: fields[2]).compactMap { quotaOfVersion2(root + $0) }
      }
      guard fields[1].split(separator: ",").contains("cpu") else { return [] }
      return folders(from: fields[2]).compactMap { quotaOfVersion1(root + "/cpu" + $0) }
    }
    return quotas.min()
  }

  /// The folder of a path and all above it. In a container the path may begin outside of what is
  /// mounted; the last one, the root, always exists.
  private static func folders(from path: Substring) -> [String] {
    let parts = path.split(separator: "/")
    return (0...parts.count).reversed().map { count in
      parts.prefix(count).map { "/\($0)" }.joined()
    }
  }

  /// `cpu.max`: microseconds, or `max`, in each period of so many microseconds.
  private static func quotaOfVersion2(_ folder: String) -> Double? {
    let numbers = lines("\(folder)/cpu.max").first?.split(separator: " ").map { Double($0) } ?? []
    guard numbers.count == 2, let time = numbers[0], let period = numbers[1], period > 0 else {
      return nil
    }
    return time / period
  }

  /// `cpu.cfs_quota_us`, -1 for no limit, and `cpu.cfs_period_us`.
  private static func quotaOfVersion1(_ folder: String) -> Double? {
    guard let time = lines("\(folder)/cpu.cfs_quota_us").first.flatMap({ Double($0) }),
      let period = lines("\(folder)/cpu.cfs_period_us").first.flatMap({ Double($0) }),
      time > 0, period > 0
    else { return nil }
    return time / period
  }

  /// The lines of a small file; none if it cannot be read.
  private static func lines(_ path: String) -> [Substring] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
  }
}

extension Processor {
  /// The processors that this process may use, at least 1: those to which it is bound, and no more
  /// than the quota of its control groups.
  public static var availableCount: Int { ProcessorCount.own.available }

  /// The size of a core's second-level cache in bytes; 1 MB where the system does not tell.
  package static let secondLevelCacheSize: Int = {
    let size = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    return size > 0 ? size : 1 << 20
  }()
}
