import FoundationEssentials
import Tokenization

/// Values as JSON texts of a safetensors file's `__metadata__`, names in snake case.
package enum MetadataText {
  /// The same value always gives the same bytes.
  package static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try String(decoding: encoder.encode(value), as: UTF8.self)
  }

  /// The value whose text stands under `key`.
  /// - Throws: `SafetensorsError.metadataMissing`, `TextModelError.invalidTokenizer` or `.malformedMetadata`.
  package static func decode<Value: Decodable>(
    _ key: String, of archive: SafetensorsArchive
  ) throws -> Value {
    try decode(archive.metadata(for: key), key: key, file: archive.name)
  }

  /// The value of `text`, which stands under `key` in `file`.
  /// - Throws: `TextModelError.invalidTokenizer` or `.malformedMetadata`.
  package static func decode<Value: Decodable>(
    _ text: String, key: String, file: String
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(Value.self, from: Data(text.utf8))
    } catch let error as TokenizationError {
      throw TextModelError.invalidTokenizer(file: file, error)
    } catch {
      throw TextModelError.malformedMetadata(
        file: file, key: key, reason: reason(for: error))
    }
  }

  /// What is wrong, in a few words on one line.
  private static func reason(for error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.codingPath.isEmpty
        ? "it is not a JSON object" : "\(place(context.codingPath)) is of the wrong kind"
    case DecodingError.dataCorrupted(let context):
      // Without a path for numbers that do not fit, too.
      context.codingPath.isEmpty
        ? "it is not the JSON that it should be"
        : "\(place(context.codingPath)) has a value that this program cannot use"
    default: "\(error)"
    }
  }

  /// A value's place in the JSON text, its keys as they stand there.
  private static func place(_ path: [any CodingKey]) -> String {
    let steps = path.map { key in
      key.intValue.map(String.init)
        ?? key.stringValue.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
    }
    return "'\(steps.joined(separator: "."))'"
  }
}
