/// Counts the words of a text given in chunks: the longest stretches without white space.
///
/// White space is what `str.split` of Python takes for it: the scalars with the property
/// White_Space, which Unicode 6.3 was the last to change, and U+001C to U+001F.
package struct WordCounter: Sendable {
  /// Words so far, the one that a chunk's end may have cut included.
  package private(set) var count = 0
  private var isInWord = false

  package init() {}

  /// Counts on.
  /// - Precondition: `utf8` is well-formed and ends with a whole scalar.
  package mutating func append(_ utf8: UnsafeRawBufferPointer) {
    var position = 0
    while position < utf8.count {
      let lead = utf8[position]
      let isSpace: Bool
      switch lead {
      case ..<0x80:
        isSpace = Self.isSpace(ascii: lead)
        position += 1
      case ..<0xE0:  // U+0085, U+00A0
        isSpace = lead == 0xC2 && (utf8[position + 1] == 0x85 || utf8[position + 1] == 0xA0)
        position += 2
      case ..<0xF0:
        isSpace = Self.isSpace(lead, utf8[position + 1], utf8[position + 2])
        position += 3
      default:
        isSpace = false
        position += 4
      }
      if !isSpace && !isInWord { count += 1 }
      isInWord = !isSpace
    }
  }

  @inline(__always)
  private static func isSpace(ascii: UInt8) -> Bool {
    ascii == 0x20 || 0x09...0x0D ~= ascii || 0x1C...0x1F ~= ascii
  }

  /// Of the scalars of three bytes.
  private static func isSpace(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first, second, third) {
    case (0xE1, 0x9A, 0x80): true  // U+1680
    case (0xE2, 0x80, 0x80...0x8A): true  // U+2000 to U+200A
    case (0xE2, 0x80, 0xA8...0xA9): true  // U+2028, U+2029
    case (0xE2, 0x80, 0xAF): true  // U+202F
    case (0xE2, 0x81, 0x9F): true  // U+205F
    case (0xE3, 0x80, 0x80): true  // U+3000
    default: false
    }
  }
}
