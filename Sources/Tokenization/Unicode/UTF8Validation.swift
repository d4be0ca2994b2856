/// Recognizes well-formed UTF-8 by the table of byte sequences (Unicode 3.9, table 3-7).
enum UTF8Validation {
  /// What begins at a position of a text.
  enum Sequence {
    /// A scalar of this many bytes.
    case wellFormed(Int)
    /// The maximal subpart of an ill-formed sequence, of this many bytes: one U+FFFD replaces it.
    case illFormed(Int)
    /// Bytes that the end of the text truncates and that more text could complete.
    case incomplete
  }

  /// Classifies what begins at `position`, which is before the end of `bytes`.
  static func sequence(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Sequence {
    let lead = bytes[position]
    var second: ClosedRange<UInt8> = 0x80...0xBF
    let byteCount: Int
    switch lead {
    case ..<0x80: return .wellFormed(1)
    case 0xC2...0xDF: byteCount = 2
    case 0xE0...0xEF: byteCount = 3
    case 0xF0...0xF4: byteCount = 4
    default: return .illFormed(1)
    }
    switch lead {
    case 0xE0: second = 0xA0...0xBF  // no longer than need be
    case 0xED: second = 0x80...0x9F  // no surrogate
    case 0xF0: second = 0x90...0xBF
    case 0xF4: second = 0x80...0x8F  // no more than U+10FFFF
    default: break
    }
    for index in 1..<byteCount {
      guard position + index < bytes.count else { return .incomplete }
      let allowed = index == 1 ? second : 0x80...0xBF
      guard allowed.contains(bytes[position + index]) else { return .illFormed(index) }
    }
    return .wellFormed(byteCount)
  }

  /// The end of the well-formed text that begins at `position`: the end of `bytes`, or the position
  /// of the first sequence that is not well-formed.
  static func endOfWellFormed(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) -> Int {
    var position = position
    while position < bytes.count {
      if bytes[position] < 0x80 {
        position = UTF8Coding.endOfASCII(bytes, from: position + 1)
        continue
      }
      guard case .wellFormed(let byteCount) = sequence(in: bytes, at: position) else { break }
      position += byteCount
    }
    return position
  }
}
