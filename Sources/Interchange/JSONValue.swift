/// A value of JSON (RFC 8259) whose objects keep their order and compare their keys byte for byte.
///
/// The vocabularies of other tools are objects with a key for each character. Foundation's decoder
/// would merge canonically equivalent keys.
enum JSONValue: Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// The text, a member or element on each line, indented by two spaces for each level.
  func written(indentation: String = "") -> String {
    switch self {
    case .null: return "null"
    case .flag(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .text(let value): return Self.quoted(value)
    case .list(let values):
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
  init(nilLiteral: ()) { self = .null }
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(stringLiteral value: String) { self = .text(value) }
  init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }
}
