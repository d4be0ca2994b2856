/// Reads JSON as strictly as RFC 8259 allows, from bytes that nobody has checked.
///
/// Nesting is limited, so that a hostile file cannot exhaust the stack, and a key that comes twice
/// is an error.
struct JSONReader {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0

  private static let deepest = 32

  private init(_ bytes: [UInt8], file: String) {
    (self.bytes, self.file) = (bytes, file)
  }

  /// - Throws: `ImportError.malformedJSON`.
  static func read(_ bytes: [UInt8], file: String) throws(ImportError) -> JSONValue {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformedJSON(file: file, byteOffset: 0, expected: "text in UTF-8")
    }
    var reader = JSONReader(Array(text.utf8), file: file)
    let value = try reader.value(depth: 0)
    guard reader.peek() == nil else { throw reader.missing("the end of the file") }
    return value
  }

  private func missing(_ expected: String) -> ImportError {
    .malformedJSON(file: file, byteOffset: position, expected: expected)
  }

  private mutating func peek() -> UInt8? {
    while position < bytes.count, " \n\r\t".utf8.contains(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func consume(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func require(_ character: Unicode.Scalar) throws(ImportError) {
    guard consume(character) else { throw missing("'\(character)'") }
  }

  private mutating func value(depth: Int) throws(ImportError) -> JSONValue {
    guard depth < Self.deepest else { throw missing("an end to so many nested lists") }
    switch peek() {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(
    _ word: String, _ value: JSONValue
  ) throws(ImportError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw missing("a value") }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(ImportError) -> JSONValue {
    position += 1
    var members: [(key: String, value: JSONValue)] = []
    var keys = Set<[UInt8]>()
    if consume("}") { return .object([]) }
    repeat {
      guard peek() == UInt8(ascii: "\"") else { throw missing("a key") }
      let key = try string()
      guard keys.insert(Array(key.utf8)).inserted else { throw missing("a key of its own") }
      try require(":")
      members.append((key, try value(depth: depth + 1)))
    } while consume(",")
    try require("}")
    return .object(members)
  }

  private mutating func list(depth: Int) throws(ImportError) -> JSONValue {
    position += 1
    var values: [JSONValue] = []
    if consume("]") { return .list([]) }
    repeat { values.append(try value(depth: depth + 1)) } while consume(",")
    try require("]")
    return .list(values)
  }

  private mutating func number() throws(ImportError) -> JSONValue {
    let start = position
    while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    if let integer = Int(digits), !digits.hasPrefix("+") { return .integer(integer) }
    guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."),
      let number = Double(digits)
    else {
      position = start
      throw missing("a value")
    }
    return .number(number)
  }

  private mutating func string() throws(ImportError) -> String {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += String(try escapedScalar()).utf8
      case 0..<0x20: throw missing("an escape for a control character")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw missing("a closing quote")
  }

  private mutating func escapedScalar() throws(ImportError) -> Unicode.Scalar {
    let letter = position + 1 < bytes.count ? Unicode.Scalar(bytes[position + 1]) : "\0"
    position += 2
    switch letter {
    case "\"", "\\", "/": return letter
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let first = try codeUnit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard first < 0xDC00, bytes[position...].starts(with: "\\u".utf8) else {
        throw missing("the second half of a character")
      }
      position += 2
      let second = try codeUnit()
      guard (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { throw missing("the second half of a character") }
      return scalar
    default: throw missing("a valid escape sequence")
    }
  }

  private mutating func codeUnit() throws(ImportError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4,
      digits.allSatisfy({ Character(Unicode.Scalar($0)).hexDigitValue != nil }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw missing("four hexadecimal digits") }
    position += 4
    return value
  }
}

extension JSONValue {
  /// The member of an object.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  var text: String? {
    guard case .text(let value) = self else { return nil }
    return value
  }

  var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }
}
