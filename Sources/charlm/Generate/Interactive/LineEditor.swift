import Tokenization

/// A line of text that a person edits: keys in, text and cursor out. It is independent of any
/// terminal.
///
/// ```swift
/// var editor = LineEditor()
/// for key in decoder.append(bytes) {
///   if case .entered(let line)? = editor.apply(key) { print(line) }
/// }
/// ```
///
/// The cursor moves by grapheme clusters, so that no key separates a letter from its accent.
package struct LineEditor: Sendable {
  /// The effect of a key other than a change of the line.
  package enum Event: Equatable, Sendable {
    case entered(String)
    /// The line was discarded.
    case canceled
    case ended
    case suspended
    case screenCleared
  }

  /// The grapheme clusters of the line.
  package private(set) var clusters: [String] = []
  /// The number of clusters before the cursor.
  package private(set) var cursor = 0
  private var history = LineHistory()

  package init() {}

  package var text: String { clusters.joined() }

  /// Applies a key.
  package mutating func apply(_ key: Key) -> Event? {
    switch key {
    case .character(let scalar): insert(String(scalar))
    case .paste(let text): insert(text)
    case .enter:
      let line = text
      history.append(line)
      clear()
      return .entered(line)
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(clusters.count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = clusters.count
    case .wordLeft: cursor = wordStart
    case .wordRight: cursor = wordEnd
    case .up: if let line = history.previous(from: text) { show(line) }
    case .down: if let line = history.next() { show(line) }
    case .backspace: remove(max(0, cursor - 1)..<cursor)
    case .delete: remove(cursor..<min(clusters.count, cursor + 1))
    case .deleteWordLeft: remove(wordStart..<cursor)
    case .deleteWordRight: remove(cursor..<wordEnd)
    case .deleteToStart: remove(0..<cursor)
    case .deleteToEnd: remove(cursor..<clusters.count)
    case .interrupt:
      clear()
      return .canceled
    case .endOfInput:
      if clusters.isEmpty { return .ended }
      remove(cursor..<min(clusters.count, cursor + 1))
    case .suspend: return .suspended
    case .clearScreen: return .screenCleared
    }
    return nil
  }

  private mutating func clear() {
    history.append("")  // restarts the search at the end
    show("")
  }

  private mutating func show(_ line: String) {
    clusters = GraphemeBuffer.clusters(of: line)
    cursor = clusters.count
  }

  /// Inserted text may join the cluster before it, and the text after it may join the inserted
  /// text.
  private mutating func insert(_ text: String) {
    let before = clusters[..<cursor].joined() + text
    let scalarCount = before.unicodeScalars.count
    clusters = GraphemeBuffer.clusters(of: before + clusters[cursor...].joined())
    var counted = 0
    cursor = 0
    while counted < scalarCount {
      counted += clusters[cursor].unicodeScalars.count
      cursor += 1
    }
  }

  /// The text on both sides may join into one cluster.
  private mutating func remove(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let after = clusters[range.upperBound...].joined()
    clusters.removeSubrange(range.lowerBound...)
    cursor = clusters.count
    guard !after.isEmpty else { return }
    let position = cursor
    insert(after)
    cursor = min(position, clusters.count)
  }

  // MARK: Words

  private var wordStart: Int {
    var position = cursor
    while position > 0, !isWord(position - 1) { position -= 1 }
    while position > 0, isWord(position - 1) { position -= 1 }
    return position
  }

  private var wordEnd: Int {
    var position = cursor
    while position < clusters.count, !isWord(position) { position += 1 }
    while position < clusters.count, isWord(position) { position += 1 }
    return position
  }

  private func isWord(_ position: Int) -> Bool {
    let properties = clusters[position].unicodeScalars.first!.properties
    return properties.isAlphabetic || properties.numericType != nil
  }
}
