import FoundationEssentials
import Tokenization

/// Encodes and decodes values as JSON texts of a safetensors file's `__metadata__`, with keys in
/// snake case.
package enum MetadataText {
  /// The JSON text of a value; the same value always gives the same bytes.
  package static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try String(decoding: encoder.encode(value), as: UTF8.self)
  }

  /// The value under `key`.
  /// - Throws: `SafetensorsError.metadataMissing`, `TextModelError.invalidTokenizer` or
  ///   `.malformedMetadata`.
  package static func decode<Value: Decodable>(
    _ key: String, of archive: SafetensorsArchive
  ) throws -> Value {
    try decode(archive.metadata(for: key), key: key, file: archive.name)
  }

  /// Decodes `text`, found under `key` in `file`.
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

  /// The fault, in a few words on one line.
  private static func reason(for error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(path(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.codingPath.isEmpty
        ? "it is not a JSON object" : "\(path(context.codingPath)) is of the wrong kind"
    case DecodingError.dataCorrupted(let context):
      // Also for numbers that do not fit, which come without a path.
      context.codingPath.isEmpty
        ? "it is not valid JSON"
        : "\(path(context.codingPath)) has a value that this program cannot use"
    default: "\(error)"
    }
  }

  /// The path of a value in the JSON text, with keys as written there.
  private static func path(_ keys: [any CodingKey]) -> String {
    let steps = keys.map { key in
      key.intValue.map(String.init)
        ?? key.stringValue.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
    }
    return "'\(steps.joined(separator: "."))'"
  }
}
