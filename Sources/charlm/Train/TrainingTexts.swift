import Tokenization
import Training

/// The texts of a training run, read again and again: for the vocabulary, for the tokens, and to tell them from
/// others.
struct TrainingTexts {
  let sources: [TextSource]
  let invalidUTF8: InvalidUTF8Policy
  private let names: [String]
  private let validationSource: TextSource?
  private let validationName: String?
  private let spoolPath: String

  /// - Parameter names: what the command line calls them.
  /// - Throws: `StorageError`.
  init(
    _ names: [String], validationFile: String?, invalidUTF8: InvalidUTF8Policy,
    spoolingBeside path: String
  ) throws {
    sources = try names.map { try TextSource.argument($0, spoolingBeside: path) }
    validationSource = try validationFile.map {
      try TextSource.argument($0, spoolingBeside: path)
    }
    self.names = names
    validationName = validationFile
    self.invalidUTF8 = invalidUTF8
    spoolPath = path
  }

  /// The tokens to train on, and those of a validation text of its own.
  /// - Throws: `TokenizationError`, `StorageError` or `TrainingError.emptyValidationText`.
  func tokens(_ tokenizer: Tokenizer) throws -> (training: TokenFile, validation: TokenFile?) {
    func tokens(_ sources: [TextSource]) throws -> TokenFile {
      try TokenFile.write(
        sources, tokenizer: tokenizer, invalidUTF8: invalidUTF8, beside: spoolPath)
    }
    let validation = try validationSource.map { try tokens([$0]) }
    if let validation, let validationName, validation.count <= 1 {  // the begin of the text
      throw TrainingError.emptyValidationText(name: validationName)
    }
    return try (tokens(sources), validation)
  }

  /// - Throws: `StorageError`.
  func fingerprints() throws -> [TextFingerprint] {
    try zip(sources, names).map { try TextFingerprint(of: $0, name: $1) }
  }

  /// - Throws: `StorageError`.
  func validationFingerprint() throws -> TextFingerprint? {
    guard let validationSource, let validationName else { return nil }
    return try TextFingerprint(of: validationSource, name: validationName)
  }

  /// Refuses other texts than those of the run.
  /// - Throws: `CheckpointError.otherText` or `StorageError`.
  func check(against origin: RunCommand) throws {
    guard names.count == origin.texts.count else {
      throw CheckpointError.otherText(
        name: "The text",
        reason: "the run was trained on \(origin.texts.count) files, and \(names.count) are given")
    }
    for (expected, found) in zip(origin.texts, try fingerprints()) {
      try expected.check(found)
    }
    if let found = try validationFingerprint() { try origin.validationText?.check(found) }
  }
}
