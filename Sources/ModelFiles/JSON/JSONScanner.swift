/// Reads JSON (RFC 8259) token by token, as strictly as the standard allows.
///
/// It knows punctuation, strings, whole numbers and words. The caller knows the structure, so nothing
/// here recurses and nesting cannot exhaust the stack.
struct JSONScanner {
  /// The text up to its end; must be UTF-8 starting at `position`.
  let bytes: UnsafeRawBufferPointer
  /// The position of the next byte to read.
  private(set) var position: Int

  init(_ bytes: UnsafeRawBufferPointer, from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The next byte after any white space, not consumed; nil at the end.
  mutating func peek() -> UInt8? {
    while position < bytes.count, " \n\r\t".utf8.contains(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  /// Consumes `character` if it comes next after any white space.
  mutating func consume(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Consumes `character` after any white space, or throws.
  mutating func require(_ character: Unicode.Scalar) throws {
    guard consume(character) else { throw malformed("'\(character)'") }
  }

  /// Consumes a whole number from 0 to `Int.max`: no sign, fraction, exponent or leading zero.
  mutating func wholeNumber() throws -> Int {
    _ = peek()
    let start = position
    var value = 0
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10
    {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(digit))
      guard !overflow, !carry else { throw JSONError.invalidInteger(byteOffset: start) }
      value = sum
      position += 1
    }
    let hasLeadingZero = bytes[start...].first == UInt8(ascii: "0") && position > start + 1
    let continues = position < bytes.count && ".eE+-".utf8.contains(bytes[position])
    guard position > start, !hasLeadingZero, !continues else {
      throw JSONError.invalidInteger(byteOffset: start)
    }
    return value
  }

  /// Consumes the ASCII letters, digits and signs of a number or of `true`, `false` and `null`.
  mutating func word() -> String {
    _ = peek()
    let start = position
    while position < bytes.count,
      case let character = Character(Unicode.Scalar(bytes[position])),
      character.isASCII && (character.isLetter || character.isNumber || "+-.".contains(character))
    {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Consumes a string and returns its value.
  mutating func string() throws -> String {
    guard consume("\"") else { throw malformed("a string") }
    var value: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: value, as: UTF8.self)
      case UInt8(ascii: "\\"):
        value.append(contentsOf: String(try escapedScalar()).utf8)
      case 0..<0x20:
        throw malformed("no unescaped control character")
      default:
        value.append(byte)
        position += 1
      }
    }
    throw malformed("a string's closing quote")
  }

  /// The position of the next byte other than a space; nil if there is none.
  func firstNonSpace() -> Int? {
    bytes[position...].firstIndex { $0 != UInt8(ascii: " ") }
  }

  /// The error for finding something other than `expected` at the current position.
  func malformed(_ expected: String) -> JSONError {
    .malformed(byteOffset: position, expected: expected)
  }

  /// Consumes an escape sequence; a surrogate pair counts as one.
  private mutating func escapedScalar() throws -> Unicode.Scalar {
    let start = position
    let letter = position + 1 < bytes.count ? bytes[position + 1] : 0
    position += 2
    switch Unicode.Scalar(letter) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let first = try codeUnit(escapeStart: start)
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw malformedEscape(at: start) }
      position += 2
      let second = try codeUnit(escapeStart: start)
      guard (0xDC00..<0xE000).contains(second) else { throw malformedEscape(at: start) }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))!
    default: throw malformedEscape(at: start)
    }
  }

  /// Consumes four hexadecimal digits.
  private mutating func codeUnit(escapeStart: Int) throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw malformedEscape(at: escapeStart) }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func malformedEscape(at byteOffset: Int) -> JSONError {
    .malformed(byteOffset: byteOffset, expected: "a valid escape sequence")
  }
}

/// What is wrong with a text that should be JSON.
package enum JSONError: Error, Equatable {
  /// The text has something else than `expected` at a byte, or more than is read.
  case malformed(byteOffset: Int, expected: String)
  /// A whole number is negative, too large or not written as the standard demands.
  case invalidInteger(byteOffset: Int)
}
