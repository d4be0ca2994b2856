import ModelFiles
import Tokenization
import Training

/// The texts of a training run as tokens.
struct PreparedCorpus {
  /// The name of the training text in messages.
  let name: String
  let tokenizer: Tokenizer
  let tokens: TokenFile
  /// The tokens of a separate validation text.
  let validationTokens: TokenFile?
  let fingerprints: [TextFingerprint]
  let validationFingerprint: TextFingerprint?

  /// Encodes texts and takes their fingerprints in the same pass.
  /// - Throws: `TokenizationError`, `StorageError`, `TrainingError.emptyValidationText`, or
  ///   `UsageError.sameText` for a validation text that is a training text.
  init(_ texts: TrainingTexts, tokenizer: Tokenizer) throws {
    let recorders = texts.sources.map { _ in FingerprintRecorder() }
    let validationRecorder = FingerprintRecorder()
    validationTokens = try texts.validationTokens(tokenizer) { validationRecorder.recording($0) }
    tokens = try texts.tokens(tokenizer) { recorders[$0].recording($1) }
    fingerprints = zip(recorders, texts.names).map { $0.fingerprint(name: $1) }
    validationFingerprint = texts.validationName.map { validationRecorder.fingerprint(name: $0) }
    let validationDigest = validationFingerprint?.digest
    let sameText = fingerprints.first { $0.digest == validationDigest }
    if let sameText, let validationName = texts.validationName {
      throw UsageError.sameText(
        option: "--validation-file", path: validationName, other: sameText.name,
        remedy: "on which the model trains, so it measures nothing new: give another text, or "
          + "drop it, and a part of the text is held out")
    }
    name = texts.names.count == 1 ? "'\(texts.names[0])'" : "The text"
    self.tokenizer = tokenizer
  }

  /// What the model records of its texts.
  /// - Parameter base: the model that training starts from.
  func trainingSources(base: SafetensorsArchive?) throws -> TrainingSources {
    func named(_ text: TextFingerprint) -> TextFingerprint {
      var text = text
      if text.name == "-" { text.name = TextSource.standardInputName }
      return text
    }
    return try TrainingSources(
      texts: fingerprints.map(named), validationText: validationFingerprint.map(named),
      base: base.map { try TrainingSources.Base($0) })
  }
}

/// The text files of a training run, which can be read several times.
struct TrainingTexts {
  let sources: [TextSource]
  let invalidUTF8: InvalidUTF8Policy
  /// The names of the sources on the command line.
  let names: [String]
  let validationName: String?
  private let validationSource: TextSource?
  private let spoolPath: String

  /// - Parameters:
  ///   - names: the sources as the command line names them.
  ///   - path: the file beside which temporary files are made.
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

  /// The tokens to train on.
  /// - Parameter observing: replaces each source, given its index, by one that is read in its
  ///   place.
  /// - Throws: `TokenizationError` or `StorageError`.
  func tokens(
    _ tokenizer: Tokenizer, observing: (Int, TextSource) -> TextSource = { $1 }
  ) throws -> TokenFile {
    try TokenFile.write(
      sources.enumerated().map(observing), tokenizer: tokenizer, invalidUTF8: invalidUTF8,
      beside: spoolPath)
  }

  /// The tokens of a separate validation text.
  /// - Throws: `TokenizationError`, `StorageError` or `TrainingError.emptyValidationText`.
  func validationTokens(
    _ tokenizer: Tokenizer, observing: (TextSource) -> TextSource = { $0 }
  ) throws -> TokenFile? {
    guard let validationSource, let validationName else { return nil }
    let tokens = try TokenFile.write(
      [observing(validationSource)], tokenizer: tokenizer, invalidUTF8: invalidUTF8,
      beside: spoolPath)
    guard tokens.count > 1 else {  // the first one marks the beginning of the text
      throw TrainingError.emptyValidationText(name: validationName)
    }
    return tokens
  }

  /// Checks before a run is resumed that these are the texts that it began with.
  /// - Throws: `CheckpointError.otherText` or `StorageError`.
  func check(against command: RunCommand) throws {
    guard names.count == command.texts.count else {
      throw CheckpointError.otherText(
        name: "The text",
        reason: "the run was trained on \(command.texts.count) files, and \(names.count) are given")
    }
    for (expected, (source, name)) in zip(command.texts, zip(sources, names)) {
      try expected.check(TextFingerprint(of: source, name: name))
    }
    if let validationSource, let validationName {
      try command.validationText?.check(
        TextFingerprint(of: validationSource, name: validationName))
    }
  }
}
