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
    let format = try archive.metadata(for: Key.format)
    guard TextModel.formats.contains(format) else {
      throw TextModelError.unknownFormat(file: archive.name, found: format)
    }
    network = try MetadataText.decode(Key.network, of: archive)
    do {
      try network.validate()
    } catch let error as NetworkError {
      throw TextModelError.invalidNetwork(file: archive.name, error)
    }
    tokenizer = try MetadataText.decode(Key.tokenizer, of: archive)
    training = try MetadataText.decode(Key.training, of: archive)
    if let value = training.impossibleValue {
      throw TextModelError.malformedMetadata(
        file: archive.name, key: Key.training, reason: "\(value), which no training gives")
    }
    guard network.vocabularySize == tokenizer.vocabularySize else {
      throw TextModelError.vocabularySizeMismatch(
        file: archive.name, network: network.vocabularySize, tokenizer: tokenizer.vocabularySize)
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
