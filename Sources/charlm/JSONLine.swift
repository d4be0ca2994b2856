import FoundationEssentials

/// One JSON object on one line, its fields in the order given; nil becomes null.
struct JSONLine {
  private let fields: [(name: String, value: (any Encodable)?)]

  init(_ fields: [(name: String, value: (any Encodable)?)]) {
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

  /// Writes the line on standard output.
  func print() throws {
    try StandardOutput.write(text() + "\n")
  }
}
