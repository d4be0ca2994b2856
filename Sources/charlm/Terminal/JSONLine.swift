import FoundationEssentials

/// A JSON object on one line, with its fields in the order given; nil becomes null.
struct JSONLine {
  typealias Fields = [(name: String, value: (any Encodable)?)]

  private let fields: Fields

  init(_ fields: Fields) {
    self.fields = fields
  }

  /// - Throws: `EncodingError` for a number that is not finite.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let members = try fields.map { name, value in
      let text = try value.map { try String(decoding: encoder.encode($0), as: UTF8.self) }
      return "\"\(name)\":\(text ?? "null")"
    }
    return "{\(members.joined(separator: ","))}"
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
        try value.encode(to: container.superEncoder(forKey: name))
      } else {
        try container.encodeNil(forKey: name)
      }
    }
  }
}
