/// The lines entered before, recalled with the keys Up and Down.
package struct LineHistory: Sendable, Equatable {
  private var lines: [String] = []
  /// The index of the line that is shown; `lines.count` for the one being written.
  private var position = 0
  /// The line that was being written when the search began.
  private var draft = ""

  private static let capacity = 1_000

  package init() {}

  /// Adds a line unless it is empty or equals the last one.
  package mutating func append(_ line: String) {
    if !line.isEmpty, !(lines.last.map { $0.utf8.elementsEqual(line.utf8) } ?? false) {
      lines.append(line)
    }
    if lines.count > Self.capacity { lines.removeFirst() }
    position = lines.count
  }

  /// The line before the one that is shown, if any.
  /// - Parameter shown: the current text of the line.
  package mutating func previous(from shown: String) -> String? {
    guard position > 0 else { return nil }
    if position == lines.count { draft = shown }
    position -= 1
    return lines[position]
  }

  /// The line after the one that is shown; the last one is the line that was being written.
  package mutating func next() -> String? {
    guard position < lines.count else { return nil }
    position += 1
    return position == lines.count ? draft : lines[position]
  }
}
