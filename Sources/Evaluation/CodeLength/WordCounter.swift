/// Counts the words of a text given in chunks: the longest stretches without white space.
///
/// White space is defined as by Python's `str.split`: the scalars with the property White_Space,
/// last changed in Unicode 6.3, and U+001C to U+001F.
package struct WordCounter: Sendable {
  /// The number of words so far, including one that may continue in the next chunk.
  package private(set) var count = 0
  private var isInWord = false

  package init() {}

  /// Counts the words of the next chunk.
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

  /// Whether a scalar of three bytes is white space.
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
