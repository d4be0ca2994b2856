import RecurrentNetwork
import Tokenization

/// Everything in a model file except its tensors: JSON texts of the file's `__metadata__`.
package struct ModelMetadata {
  package let network: NetworkConfiguration
  package let tokenizer: Tokenizer
  package let training: TrainingSummary

  enum Key {
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

  /// Reads and checks the texts of `archive`. The tensors are not yet compared with the network's
  /// sizes.
  /// - Throws: `SafetensorsError.metadataMissing` or `TextModelError`.
  package init(_ archive: SafetensorsArchive) throws {
    guard !archive.isCheckpoint else {
      throw TextModelError.isCheckpoint(file: archive.name)
    }
    try self.init(archive.metadata, file: archive.name)
  }

  /// Reads and checks the texts of a file.
  /// - Throws: `SafetensorsError.metadataMissing` or `TextModelError`.
  package init(_ metadata: SafetensorsMetadata, file: String) throws {
    func text(_ key: String) throws -> String {
      guard let text = metadata[key] else {
        throw SafetensorsError.metadataMissing(file: file, key: key)
      }
      return text
    }
    let format = try text(Key.format)
    guard TextModel.formats.contains(format) else {
      throw TextModelError.unknownFormat(file: file, found: format)
    }
    network = try MetadataText.decode(text(Key.network), key: Key.network, file: file)
    do {
      try network.validate()
    } catch let error as NetworkError {
      throw TextModelError.invalidNetwork(file: file, error)
    }
    tokenizer = try MetadataText.decode(text(Key.tokenizer), key: Key.tokenizer, file: file)
    training = try MetadataText.decode(text(Key.training), key: Key.training, file: file)
    if let value = training.impossibleValue {
      throw TextModelError.malformedMetadata(
        file: file, key: Key.training, reason: "\(value), which no training gives")
    }
    guard network.vocabularySize == tokenizer.vocabularySize else {
      throw TextModelError.vocabularySizeMismatch(
        file: file, network: network.vocabularySize, tokenizer: tokenizer.vocabularySize)
    }
  }

  /// The metadata's texts; the same values always give the same bytes.
  func texts() throws -> SafetensorsMetadata {
    try [
      "format": "pt", Key.format: TextModel.format(of: network),
      TextModel.versionKey: CharlmVersion.current,
      Key.network: MetadataText.encode(network), Key.tokenizer: MetadataText.encode(tokenizer),
      Key.training: MetadataText.encode(training),
    ]
  }
}
