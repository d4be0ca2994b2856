/// Decodes and encodes single scalars of UTF-8 that is known to be well-formed.
enum UTF8Coding {
  /// The number of bytes of the sequence that begins with `lead`.
  @inline(__always)
  static func byteCount(lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }

  /// The scalar of more than one byte at `position`, and its length.
  ///
  /// Bytes that are not UTF-8 give a wrong scalar or stop the program, but nothing outside `bytes`
  /// is read.
  @inline(__always)
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> (scalar: UInt32, byteCount: Int) {
    let start = bytes.baseAddress.unsafelyUnwrapped + position
    let lead = UInt32(start[0])
    let length = byteCount(lead: start[0])
    precondition(length <= bytes.count - position, "text must be well-formed UTF-8")
    if length == 1 { return (lead, 1) }
    let second = UInt32(start[1]) & 0x3F
    if length == 2 { return ((lead & 0x1F) << 6 | second, 2) }
    let third = UInt32(start[2]) & 0x3F
    if length == 3 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
    let scalar = (lead & 0x07) << 18 | second << 12 | third << 6 | UInt32(start[3]) & 0x3F
    precondition(scalar < UnicodeTable.scalarLimit, "text must be well-formed UTF-8")
    return (scalar, 4)
  }

  /// Writes `scalar` at `destination`, which has room for four bytes, and returns its length.
  @inline(__always)
  static func encode(_ scalar: UInt32, to destination: UnsafeMutablePointer<UInt8>) -> Int {
    func continuation(_ shift: UInt32) -> UInt8 {
      UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift) & 0x3F)
    }
    switch scalar {
    case ..<0x80:
      destination[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    case ..<0x800:
      destination[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
      destination[1] = continuation(0)
      return 2
    case ..<0x10000:
      destination[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
      destination[1] = continuation(6)
      destination[2] = continuation(0)
      return 3
    default:
      destination[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
      destination[1] = continuation(12)
      destination[2] = continuation(6)
      destination[3] = continuation(0)
      return 4
    }
  }

  /// The number of bytes at the end of `bytes` that begin an incomplete scalar.
  static func incompleteTailByteCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    for tail in 1...3 where tail <= bytes.count {
      let byte = bytes[bytes.count - tail]
      if byte < 0x80 { return 0 }
      if byte >= 0xC0 { return byteCount(lead: byte) > tail ? tail : 0 }
    }
    return 0
  }

  /// The end of the run of ASCII that begins at `position`.
  @inline(__always)
  static func endOfASCII(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) -> Int {
    let base = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
    var end = position
    while end + 16 <= bytes.count {
      let words = base.loadUnaligned(fromByteOffset: end, as: SIMD2<UInt64>.self)
      if (words[0] | words[1]) & 0x8080_8080_8080_8080 != 0 { break }
      end += 16
    }
    while end < bytes.count, bytes[end] < 0x80 { end += 1 }
    return end
  }
}
