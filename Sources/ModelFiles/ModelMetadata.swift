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

  /// Reads and checks the texts of `archive`; what the network's sizes promise is not yet compared with
  /// its tensors.
  /// - Throws: `SafetensorsError.metadataMissing` or `TextModelError`.
  init(_ archive: SafetensorsArchive) throws {
    let format = try archive.metadata(for: Key.format)
    guard format == TextModel.format else {
      throw TextModelError.unknownFormat(file: archive.name, found: format)
    }
    network = try Self.decode(Key.network, of: archive)
    do {
      try network.validate()
    } catch let error as NetworkError {
      throw TextModelError.invalidNetwork(file: archive.name, error)
    }
    tokenizer = try Self.decode(Key.tokenizer, of: archive)
    training = try Self.decode(Key.training, of: archive)
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
    } catch let error as TokenizationError {
      throw TextModelError.invalidTokenizer(file: archive.name, error)
    } catch {
      throw TextModelError.malformedMetadata(
        file: archive.name, key: key, reason: reason(for: error))
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
