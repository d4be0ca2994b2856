/// Reads a value of JSON, from bytes that nobody has checked.
///
/// Nesting and the number of values are limited, so that a hostile file can exhaust neither the stack
/// nor the memory, and a key that comes twice is an error.
package struct JSONReader {
  private var scanner: JSONScanner

  private static let deepest = 32
  /// A value takes some hundred bytes.
  private static let mostValues = 1 << 18
  private var valueCount = 0

  private init(_ scanner: JSONScanner) { self.scanner = scanner }

  /// - Throws: `JSONError`.
  package static func read(_ bytes: [UInt8]) throws -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONError.malformed(byteOffset: 0, expected: "text in UTF-8")
    }
    return try bytes.withUnsafeBytes { bytes in
      var reader = JSONReader(JSONScanner(bytes))
      let value = try reader.value(depth: 0)
      guard reader.scanner.peek() == nil else {
        throw reader.scanner.malformed("the end of the file")
      }
      return value
    }
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < Self.deepest else {
      throw scanner.malformed("at most \(Self.deepest) nested values")
    }
    valueCount += 1
    guard valueCount <= Self.mostValues else {
      throw scanner.malformed("at most \(Self.mostValues) values")
    }
    switch scanner.peek() {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try scanner.string())
    default: return try plainValue()
    }
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    try scanner.require("{")
    var members: [(key: String, value: JSONValue)] = []
    var keys = Set<[UInt8]>()
    if scanner.consume("}") { return .object([]) }
    repeat {
      let key = try scanner.string()
      guard keys.insert(Array(key.utf8)).inserted else {
        throw scanner.malformed("a key that is not there yet")
      }
      try scanner.require(":")
      members.append((key, try value(depth: depth + 1)))
    } while scanner.consume(",")
    try scanner.require("}")
    return .object(members)
  }

  private mutating func array(depth: Int) throws -> JSONValue {
    try scanner.require("[")
    var values: [JSONValue] = []
    if scanner.consume("]") { return .array([]) }
    repeat { values.append(try value(depth: depth + 1)) } while scanner.consume(",")
    try scanner.require("]")
    return .array(values)
  }

  /// A number, true, false or null.
  private mutating func plainValue() throws -> JSONValue {
    let error = scanner.malformed("a value")
    let word = scanner.word()
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    default:
      if let integer = Int(word), "\(integer)" == word { return .integer(integer) }
      guard word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
        throw error
      }
      if let integer = Int(word) { return .integer(integer) }
      guard let number = Double(word), number.isFinite else { throw error }
      return .number(number)
    }
  }
}
