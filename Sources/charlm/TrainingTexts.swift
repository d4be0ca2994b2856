import Tokenization

/// The texts of a training run, read twice: for the vocabulary, and for the tokens.
struct TrainingTexts {
  let sources: [TextSource]
  let invalidUTF8: InvalidUTF8Policy
  private let validationSource: TextSource?
  private let spoolPath: String

  /// - Throws: `StorageError`.
  init(
    _ texts: [String], validationFile: String?, invalidUTF8: InvalidUTF8Policy,
    spoolingBeside path: String
  ) throws {
    sources = try texts.map { try TextSource.argument($0, spoolingBeside: path) }
    validationSource = try validationFile.map {
      try TextSource.argument($0, spoolingBeside: path)
    }
    self.invalidUTF8 = invalidUTF8
    spoolPath = path
  }

  /// The tokens to train on, and those of a validation text of its own.
  /// - Throws: `TokenizationError` or `StorageError`.
  func tokens(_ tokenizer: Tokenizer) throws -> (TokenFile, TokenFile?) {
    func tokens(_ sources: [TextSource]) throws -> TokenFile {
      try TokenFile.write(
        sources, tokenizer: tokenizer, invalidUTF8: invalidUTF8, beside: spoolPath)
    }
    return try (tokens(sources), validationSource.map { try tokens([$0]) })
  }
}
