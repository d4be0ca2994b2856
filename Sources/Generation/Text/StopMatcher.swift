/// Finds the first of several stop strings in a growing text and passes on the text before it.
///
/// It holds back text that may be the beginning of a stop string. The division of the text into
/// pieces makes no difference.
package struct StopMatcher {
  /// The strings' UTF-8, the longest first.
  private let stops: [[UInt8]]
  private var held: [UInt8] = []
  /// Whether the text has reached one of the strings.
  package private(set) var hasMatched = false

  package init(_ stops: [String]) {
    self.stops = stops.map { Array($0.utf8) }.sorted { $0.count > $1.count }
  }

  /// Appends to the text.
  /// - Parameter mayEnd: whether the text may end after the given held-back part, just before the
  ///   string; if not, the string is ignored.
  /// - Returns: the text that certainly does not belong to one of the strings; empty after a match.
  package mutating func append(
    _ text: String, where mayEnd: (String) -> Bool = { _ in true }
  ) -> String {
    guard !stops.isEmpty else { return text }
    guard !hasMatched else { return "" }
    for byte in text.utf8 {
      held.append(byte)
      let stop = stops.first {
        held.ends(with: $0)
          && mayEnd(String(decoding: held.dropLast($0.count), as: UTF8.self))
      }
      guard let stop else { continue }
      hasMatched = true
      return release(held.count - stop.count)
    }
    return release(held.count - beginningCount)
  }

  /// Ends the text and returns what was held back.
  package mutating func finish() -> String { hasMatched ? "" : release(held.count) }

  /// The number of bytes at the end of `held` that are the beginning of a string.
  private var beginningCount: Int {
    let longest = min(held.count, stops[0].count - 1)
    return stride(from: longest, to: 0, by: -1).first { count in
      stops.contains { $0.starts(with: held.suffix(count)) }
    } ?? 0
  }

  /// The first `count` bytes, which are whole scalars, since each string begins with one.
  private mutating func release(_ count: Int) -> String {
    let text = String(decoding: held.prefix(count), as: UTF8.self)
    held.removeFirst(count)
    return text
  }
}

extension Array where Element == UInt8 {
  fileprivate func ends(with bytes: [UInt8]) -> Bool {
    count >= bytes.count && suffix(bytes.count).elementsEqual(bytes)
  }
}
