/// A value of JSON (RFC 8259) whose objects keep their order and compare their keys byte for byte.
///
/// The vocabularies of other tools are objects with a key for each character. Foundation's decoder
/// would merge canonically equivalent keys.
package enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// The text, a member or element on each line, indented by two spaces for each level.
  package func written(indentation: String = "") -> String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .string(let value): return Self.quoted(value)
    case .array(let values):
      return Self.lines(
        "[", values.map { $0.written(indentation: indentation + "  ") }, "]", indentation)
    case .object(let members):
      return Self.lines(
        "{",
        members.map {
          Self.quoted($0.key) + ": " + $0.value.written(indentation: indentation + "  ")
        }, "}", indentation)
    }
  }

  private static func lines(
    _ opening: String, _ parts: [String], _ closing: String, _ indentation: String
  ) -> String {
    guard !parts.isEmpty else { return opening + closing }
    let inner = parts.map { "\(indentation)  \($0)" }.joined(separator: ",\n")
    return "\(opening)\n\(inner)\n\(indentation)\(closing)"
  }

  /// Escapes quotes, backslashes and control characters only.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }
}

extension JSONValue {
  /// The member of an object.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  package var text: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The number, if it is one.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The number, if it is whole. A number above 2^53 that has a point, or more digits than an `Int`,
  /// may have been rounded, so it does not count as whole.
  package var integer: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): abs(value) <= 0x1p53 ? Int(exactly: value) : nil
    default: nil
    }
  }
}
