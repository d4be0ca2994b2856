import FoundationEssentials
import RecurrentNetwork
import Tokenization

/// All of a model that is not a tensor, as JSON texts of the file's `__metadata__`.
struct ModelMetadata {
  let network: NetworkConfiguration
  let tokenizer: Tokenizer
  let training: TrainingSummary

  private enum Key {
    static let format = "charlm.format"
    static let network = "charlm.network"
    static let tokenizer = "charlm.tokenizer"
    static let training = "charlm.training"
  }

  init(network: NetworkConfiguration, tokenizer: Tokenizer, training: TrainingSummary) {
    self.network = network
    self.tokenizer = tokenizer
    self.training = training
  }

  /// Reads and checks the texts of `archive`.
  /// - Throws: `SafetensorsError.metadataMissing` or `TextModelError`.
  init(_ archive: SafetensorsArchive) throws {
    let format = try archive.metadata(for: Key.format)
    guard format == TextModel.format else {
      throw TextModelError.unknownFormat(file: archive.name, found: format)
    }
    network = try Self.decode(Key.network, of: archive)
    tokenizer = try Self.decode(Key.tokenizer, of: archive)
    training = try Self.decode(Key.training, of: archive)
    do {
      try network.validate()
    } catch {
      throw TextModelError.invalidNetwork(file: archive.name, reason: "\(error)")
    }
    guard network.vocabularySize == tokenizer.vocabularySize else {
      throw TextModelError.vocabularySizeMismatch(
        file: archive.name, network: network.vocabularySize, tokenizer: tokenizer.vocabularySize)
    }
  }

  /// The texts; the same values always give the same bytes.
  func texts() throws -> SafetensorsMetadata {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String {
      try String(decoding: encoder.encode(value), as: UTF8.self)
    }
    return try [
      "format": "pt", Key.format: TextModel.format, Key.network: text(network),
      Key.tokenizer: text(tokenizer), Key.training: text(training),
    ]
  }

  private static func decode<Value: Decodable>(
    _ key: String, of archive: SafetensorsArchive
  ) throws -> Value {
    let text = try archive.metadata(for: key)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(Value.self, from: Data(text.utf8))
    } catch {
      throw TextModelError.malformedMetadata(
        file: archive.name, key: key, reason: reason(for: error))
    }
  }

  /// What is wrong, in a few words on one line.
  private static func reason(for error: any Error) -> String {
    let context: DecodingError.Context
    switch error {
    case DecodingError.keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let found), DecodingError.valueNotFound(_, let found),
      DecodingError.dataCorrupted(let found):
      context = found
    default: return "\(error)"
    }
    let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return path.isEmpty
      ? "it is not JSON" : "'\(path.joined(separator: "."))' is not what it should be"
  }
}
