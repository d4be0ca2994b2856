/// Logits as unsigned numbers in the same order, so that single digits can be compared.
///
/// Both zeros are one; NaN counts as -infinity.
enum SortableLogit {
  /// Less than the key of any logit.
  static let none: UInt32 = 0

  /// The positions of a key's digits, the most significant one first.
  private static let shifts: [UInt32] = [24, 16, 8, 0]
  /// The number of values of a digit.
  private static let digitCount = 256

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

  /// The key down to which, from the greatest, a measure of the keys adds up to `target`, and the
  /// part of the target that is left for the keys equal to it. It is found digit by digit, the most
  /// significant one first, in linear time. If sums of parts differ from the sum by rounding, the
  /// key may be below all keys that exist.
  /// - Parameter measure: of the key at an index, at least 0.
  /// - Precondition: `target` is above 0 and, up to rounding, at most the measure of all keys.
  @inline(__always)
  static func threshold<Measure: Comparable & SignedNumeric>(
    _ keys: UnsafeBufferPointer<UInt32>, measuring target: Measure, _ measure: (Int) -> Measure
  ) -> (key: UInt32, left: Measure) {
    withUnsafeTemporaryAllocation(of: Measure.self, capacity: digitCount) { histogram in
      var left = target
      var key: UInt32 = 0
      for shift in shifts {
        histogram.initialize(repeating: 0)
        for index in keys.indices
        where prefix(keys[index], above: shift) == prefix(key, above: shift) {
          histogram[digit(keys[index], at: shift)] += measure(index)
        }
        var digit = digitCount - 1
        while digit > 0, histogram[digit] < left {
          left -= histogram[digit]
          digit -= 1
        }
        key |= UInt32(digit) << shift
      }
      return (key, left)
    }
  }

  @inline(__always)
  private static func digit(_ key: UInt32, at shift: UInt32) -> Int {
    Int(truncatingIfNeeded: key >> shift & UInt32(digitCount - 1))
  }

  /// The digits before the one at `shift`.
  @inline(__always)
  private static func prefix(_ key: UInt32, above shift: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: UInt64(key) >> (UInt64(shift) + 8))
  }
}
