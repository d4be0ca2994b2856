import ModelFiles

/// Reads a value of JSON, from bytes that nobody has checked.
///
/// Nesting is limited, so that a hostile file cannot exhaust the stack, and a key that comes twice
/// is an error.
struct JSONReader {
  private var scanner: JSONScanner

  private static let deepest = 32

  /// - Throws: `ImportError.malformedJSON`.
  static func read(_ bytes: [UInt8], file: String) throws(ImportError) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .malformedJSON(file: file, byteOffset: 0, expected: "text in UTF-8")
    }
    do {
      return try bytes.withUnsafeBytes { bytes in
        var reader = JSONReader(scanner: JSONScanner(bytes, from: 0, file: file))
        let value = try reader.value(depth: 0)
        guard reader.scanner.peek() == nil else {
          throw reader.scanner.malformed("the end of the file")
        }
        return value
      }
    } catch SafetensorsError.malformedHeader(_, let byteOffset, let expected) {
      throw .malformedJSON(file: file, byteOffset: byteOffset, expected: expected)
    } catch {
      throw .malformedJSON(file: file, byteOffset: 0, expected: "a value")
    }
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < Self.deepest else {
      throw scanner.malformed("at most \(Self.deepest) nested values")
    }
    switch scanner.peek() {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .text(try scanner.string())
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

  private mutating func list(depth: Int) throws -> JSONValue {
    try scanner.require("[")
    var values: [JSONValue] = []
    if scanner.consume("]") { return .list([]) }
    repeat { values.append(try value(depth: depth + 1)) } while scanner.consume(",")
    try scanner.require("]")
    return .list(values)
  }

  /// A number, true, false or null.
  private mutating func plainValue() throws -> JSONValue {
    let error = scanner.malformed("a value")
    let word = scanner.word()
    switch word {
    case "true": return .flag(true)
    case "false": return .flag(false)
    case "null": return .null
    default:
      guard word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
        throw error
      }
      if let integer = Int(word) { return .integer(integer) }
      guard let number = Double(word), number.isFinite else { throw error }
      return .number(number)
    }
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
