/// Arithmetic coding (Witten, Neal & Cleary 1987) in the byte-wise form with carries (Schindler
/// 1998, "A fast renormalization for arithmetic coding"): a sequence of choices becomes a number in
/// an interval whose width is the product of their probabilities.
///
/// A choice is an interval of `0 ..< total`; its width over `total` is the probability. The
/// interval `low ..< low + range` of the bytes not yet written becomes
///
/// ```
/// low   += floor(range lower / total)
/// range  = floor(range upper / total) - floor(range lower / total)
/// ```
///
/// with the products in 128 bits, so hardly anything is lost to rounding: `range` never falls below
/// 2^56.
package struct ArithmeticEncoder {
  /// The choices' intervals are parts of `0 ..< total`.
  package static let total: UInt64 = 1 << totalBits
  private static let totalBits: UInt64 = 48
  static let smallestRange: UInt64 = 1 << 56

  private var low: UInt64 = 0
  private var range = UInt64.max
  /// The last byte, which only a carry can still change, and the number of 0xFF bytes after it,
  /// through which a carry would run.
  private var held: UInt8?
  private var heldFullCount = 0
  /// The final bytes; their owner removes them at will.
  package var bytes: [UInt8] = []

  package init() {}

  /// floor(range bound / total)
  static func scale(_ range: UInt64, _ bound: UInt64) -> UInt64 {
    let product = range.multipliedFullWidth(by: bound)
    return product.high << (64 - totalBits) | product.low >> totalBits
  }

  /// Writes one choice.
  /// - Precondition: `interval` is not empty and within `0 ... total`.
  package mutating func encode(_ interval: Range<UInt64>) {
    precondition(!interval.isEmpty && interval.upperBound <= Self.total)
    let start = Self.scale(range, interval.lowerBound)
    range = Self.scale(range, interval.upperBound) - start
    add(start)
    while range < Self.smallestRange {
      shiftOut()
      range <<= 8
    }
  }

  /// Writes the fewest bytes, always one, that distinguish the interval's numbers from all others
  /// if zeros follow.
  package mutating func finish() {
    add(Self.smallestRange - 1)
    shiftOut()
    settle()
  }

  private mutating func add(_ offset: UInt64) {
    let (sum, carries) = low.addingReportingOverflow(offset)
    low = sum
    guard carries else { return }
    guard let byte = held else { preconditionFailure("the number is below 1") }
    held = byte + 1
    if heldFullCount > 0 {
      // The 0xFF bytes have become 0; the last of them can take another carry.
      settle(full: 0)
      held = bytes.popLast()
    }
  }

  private mutating func shiftOut() {
    let byte = UInt8(low >> 56)
    low <<= 8
    if byte == 0xFF {
      heldFullCount += 1
    } else {
      settle()
      held = byte
    }
  }

  private mutating func settle(full: UInt8 = 0xFF) {
    if let held { bytes.append(held) }
    held = nil
    bytes.append(contentsOf: repeatElement(full, count: heldFullCount))
    heldFullCount = 0
  }
}
