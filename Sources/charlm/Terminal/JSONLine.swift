import FoundationEssentials

/// A JSON object on one line, with its fields in the order given; nil becomes null.
struct JSONLine {
  typealias Fields = [(name: String, value: (any Encodable)?)]

  private let fields: Fields

  init(_ fields: Fields) {
    self.fields = fields
  }

  /// JSON has no infinity and no NaN: such a number, alone or in a list, becomes null.
  /// - Throws: `EncodingError` for such a number within another value.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let members = try fields.map { name, value in
      let text = try value.map {
        try String(decoding: encoder.encode(Self.finite($0)), as: UTF8.self)
      }
      return "\"\(name)\":\(text ?? "null")"
    }
    return Self.escapingControls("{\(members.joined(separator: ","))}")
  }

  private static func finite(_ value: any Encodable) -> any Encodable {
    switch value {
    case let number as Double: number.isFinite ? number : Double?.none
    case let numbers as [Double]: numbers.map { $0.isFinite ? $0 : nil }
    default: value
    }
  }

  /// JSON allows U+007F to U+009F in strings, but a terminal obeys some of them.
  private static func escapingControls(_ text: String) -> String {
    let controls: ClosedRange<Unicode.Scalar> = "\u{7F}"..."\u{9F}"
    guard text.unicodeScalars.contains(where: controls.contains) else { return text }
    return text.unicodeScalars.map { scalar in
      controls.contains(scalar) ? "\\u00" + String(scalar.value, radix: 16) : String(scalar)
    }.joined()
  }

  /// Writes the line to standard output.
  func print() throws {
    try StandardOutput.write(text() + "\n")
  }
}

/// Encodes the fields as a nested object, in the order of their names.
extension JSONLine: Encodable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (name, value) in fields {
      let name = Name(stringValue: name)
      if let value {
        try Self.finite(value).encode(to: container.superEncoder(forKey: name))
      } else {
        try container.encodeNil(forKey: name)
      }
    }
  }
}
