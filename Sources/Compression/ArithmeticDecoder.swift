/// Reads the choices that `ArithmeticEncoder` wrote.
package struct ArithmeticDecoder {
  private let bytes: UnsafeRawBufferPointer
  /// The next byte; after the end, all bytes are zero.
  private var position = 0
  private var range = UInt64.max
  /// The distance of the coded number from the interval's lower end.
  private var offset: UInt64 = 0

  private static let windowByteCount = 8

  /// - Parameter bytes: everything that the encoder wrote; they must outlive the decoder.
  package init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    for _ in 0..<Self.windowByteCount { shiftIn() }
  }

  /// Whether, after the last choice, exactly the bytes were read that the encoder writes.
  package var isAtEnd: Bool { position - Self.windowByteCount + 1 == bytes.count }

  /// Whether more was read than any encoder writes: the number of choices is a lie.
  private var hasPassedEnd: Bool { position - Self.windowByteCount + 1 > bytes.count }

  /// Reads a choice among `count`; number i has the interval `bound(i) ..< bound(i + 1)`.
  /// - Parameter bound: ascending, 0 for 0 and `ArithmeticEncoder.total` for `count`.
  /// - Returns: nil if no encoder wrote such bytes.
  package mutating func decode(among count: Int, bound: (Int) -> UInt64) -> Int? {
    guard offset < range, !hasPassedEnd else { return nil }
    var (first, end) = (0, count)
    var (start, stop): (UInt64, UInt64) = (0, range)
    while end - first > 1 {
      let middle = first + (end - first) / 2
      let split = ArithmeticEncoder.scale(range, bound(middle))
      if split <= offset { (first, start) = (middle, split) } else { (end, stop) = (middle, split) }
    }
    offset -= start
    range = stop - start
    while range < ArithmeticEncoder.smallestRange {
      shiftIn()
      range <<= 8
    }
    return first
  }

  private mutating func shiftIn() {
    offset = offset << 8 | (position < bytes.count ? UInt64(bytes[position]) : 0)
    position += 1
  }
}
