import Glibc

/// The memory that this process used at most.
enum PeakMemory {
  /// The largest resident set size so far.
  static var byteCount: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1_024
  }
}
