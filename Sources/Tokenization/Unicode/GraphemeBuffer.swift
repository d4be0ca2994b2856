import CUTF8Proc

/// Holds back the last grapheme cluster of a growing text until it is complete (UAX #29, as
/// utf8proc implements it). Unlike `GraphemeSegmenter` it is a value, for a few characters at a
/// time.
package struct GraphemeBuffer: Sendable {
  private var held = ""
  private var previous: Int32 = 0
  private var state: Int32 = 0

  package init() {}

  /// The grapheme clusters of `text`.
  package static func clusters(of text: String) -> [String] {
    var buffer = GraphemeBuffer()
    let complete = text.unicodeScalars.compactMap { buffer.append($0) }
    let last = buffer.finish()
    return last.isEmpty ? complete : complete + [last]
  }

  /// The clusters that `text` completes, without the last one, to which the next scalar may belong.
  package mutating func append(_ text: String) -> String {
    var complete = ""
    for scalar in text.unicodeScalars {
      if let cluster = append(scalar) { complete += cluster }
    }
    return complete
  }

  /// The cluster held back, at the end of a text; then another text may begin.
  package mutating func finish() -> String {
    state = 0
    defer { held = "" }
    return held
  }

  /// The cluster before `scalar`, if it ends there.
  private mutating func append(_ scalar: Unicode.Scalar) -> String? {
    let value = Int32(bitPattern: scalar.value)
    defer { previous = value }
    if held.isEmpty || !breaks(before: value) {
      held.unicodeScalars.append(scalar)
      return nil
    }
    let cluster = held
    held = String(scalar)
    state = 0
    return cluster
  }

  private mutating func breaks(before scalar: Int32) -> Bool {
    if previous | scalar < 0x80, scalar != 0x0A { return true }
    return utf8proc_grapheme_break_stateful(previous, scalar, &state)
  }
}
