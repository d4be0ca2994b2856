/// Logits as unsigned numbers in the same order, in which a digit can be looked at by itself.
///
/// Both zeros are one; what is not a number is -infinity.
enum RankKey {
  /// Less than the key of any logit.
  static let none: UInt32 = 0

  /// Where the digits of a key begin, from the most significant one on.
  static let shifts: [UInt32] = [24, 16, 8, 0]
  /// How many values a digit has.
  static let digitCount = 256

  @inline(__always)
  static func of(_ logit: Float) -> UInt32 {
    let ordered = logit.isNaN ? -Float.infinity : logit + 0  // -0 + 0 is 0
    let bits = ordered.bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 1 << 31
  }

  /// The logit of a key.
  @inline(__always)
  static func logit(_ key: UInt32) -> Double {
    Double(Float(bitPattern: key >> 31 == 1 ? key & ~(1 << 31) : ~key))
  }

  @inline(__always)
  static func digit(_ key: UInt32, at shift: UInt32) -> Int {
    Int(truncatingIfNeeded: key >> shift & UInt32(digitCount - 1))
  }

  /// The digits before the one at `shift`.
  @inline(__always)
  static func prefix(_ key: UInt32, above shift: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: UInt64(key) >> (UInt64(shift) + 8))
  }
}
