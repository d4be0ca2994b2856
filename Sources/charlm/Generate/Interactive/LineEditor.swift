import Tokenization

/// A line of text under the keys of a person: keys in, text and cursor out. It knows no terminal.
///
/// ```swift
/// var editor = LineEditor()
/// for key in decoder.append(bytes) {
///   if case .entered(let line)? = editor.apply(key) { print(line) }
/// }
/// ```
///
/// The cursor moves by grapheme clusters, so that no key takes a letter from its accent.
package struct LineEditor: Sendable {
  /// What a key leads to, beside a change of the line.
  package enum Event: Equatable, Sendable {
    case entered(String)
    /// The line was given up.
    case canceled
    case ended
    case suspended
    case screenCleared
  }

  /// The grapheme clusters of the line.
  package private(set) var clusters: [String] = []
  /// How many of them stand before the cursor.
  package private(set) var cursor = 0
  private var history = LineHistory()

  package init() {}

  package var text: String { clusters.joined() }

  /// Follows a key.
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
    history.append("")  // the search begins at the end again
    show("")
  }

  private mutating func show(_ line: String) {
    clusters = GraphemeBuffer.clusters(of: line)
    cursor = clusters.count
  }

  /// What is inserted may become part of the cluster before it, and what follows part of what is inserted.
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

  /// What stood on both sides may become one cluster.
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
    var place = cursor
    while place > 0, !isWord(place - 1) { place -= 1 }
    while place > 0, isWord(place - 1) { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    var place = cursor
    while place < clusters.count, !isWord(place) { place += 1 }
    while place < clusters.count, isWord(place) { place += 1 }
    return place
  }

  private func isWord(_ place: Int) -> Bool {
    let properties = clusters[place].unicodeScalars.first!.properties
    return properties.isAlphabetic || properties.numericType != nil
  }
}
