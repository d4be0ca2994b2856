/// Finds the first of some strings in a text that grows, and lets nothing of it through.
///
/// Of the text it holds back what may be the beginning of one. How the text is cut into pieces makes no
/// difference.
package struct StopMatcher {
  /// The strings' UTF-8, the longest first.
  private let stops: [[UInt8]]
  private var held: [UInt8] = []
  /// Whether the text has come to one of the strings.
  package private(set) var hasMatched = false

  package init(_ stops: [String]) {
    self.stops = stops.map { Array($0.utf8) }.sorted { $0.count > $1.count }
  }

  /// What of the text so far is certain not to belong to one of the strings; nothing after a match.
  /// - Parameter mayEnd: whether the text may end behind what was held back and is released by a match, before the string;
  ///   where it may not, the string is passed over.
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

  /// What was held back: the text ends here.
  package mutating func finish() -> String { hasMatched ? "" : release(held.count) }

  /// How many bytes at the end of `held` are the beginning of a string.
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
