/// Lines entered before, to be gone through with the keys up and down.
package struct LineHistory: Sendable, Equatable {
  private var lines: [String] = []
  /// The line that is shown; `lines.count` for the one being written.
  private var position = 0
  /// What was being written when the search began.
  private var draft = ""

  private static let capacity = 1_000

  package init() {}

  /// Remembers a line; an empty one, and one like the last, is not worth it.
  package mutating func append(_ line: String) {
    if !line.isEmpty, !(lines.last.map { $0.utf8.elementsEqual(line.utf8) } ?? false) {
      lines.append(line)
    }
    if lines.count > Self.capacity { lines.removeFirst() }
    position = lines.count
  }

  /// The line before the one shown, if there is one.
  /// - Parameter shown: as it is now.
  package mutating func previous(from shown: String) -> String? {
    guard position > 0 else { return nil }
    if position == lines.count { draft = shown }
    position -= 1
    return lines[position]
  }

  /// The line behind the one shown, at last what was being written.
  package mutating func next() -> String? {
    guard position < lines.count else { return nil }
    position += 1
    return position == lines.count ? draft : lines[position]
  }
}
