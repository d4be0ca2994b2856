import Tokenization
import Training

/// The texts of a run: those to train on, and one to validate with.
struct TrainingSources {
  let texts: [TextSource]
  let validation: TextSource?

  init(_ texts: [String], validation: String?, spoolingBeside path: String) throws {
    self.texts = try texts.map { try .argument($0, spoolingBeside: path) }
    self.validation = try validation.map { try .argument($0, spoolingBeside: path) }
  }

  func tokens(
    _ tokenizer: Tokenizer, _ invalidUTF8: InvalidUTF8Policy, beside path: String
  ) throws -> (training: TokenFile, validation: TokenFile?) {
    func tokens(_ sources: [TextSource]) throws -> TokenFile {
      try TokenFile.write(
        sources, tokenizer: tokenizer, invalidUTF8: invalidUTF8, beside: path)
    }
    return try (tokens(texts), validation.map { try tokens([$0]) })
  }

  /// - Parameter names: what the command line calls the texts.
  func fingerprints(_ names: [String]) throws -> [TextFingerprint] {
    try zip(texts, names).map { try TextFingerprint(of: $0, name: $1) }
  }

  func validationFingerprint(_ name: String?) throws -> TextFingerprint? {
    guard let validation, let name else { return nil }
    return try TextFingerprint(of: validation, name: name)
  }

  /// Refuses other texts than those of the run.
  /// - Throws: `CheckpointError.otherText` or `StorageError`.
  func check(_ names: [String], _ validationName: String?, against origin: RunOrigin) throws {
    guard names.count == origin.texts.count else {
      throw CheckpointError.otherText(
        name: "The text",
        reason: "the run was trained on \(origin.texts.count) files, and \(names.count) are given")
    }
    for (expected, found) in zip(origin.texts, try fingerprints(names)) {
      try expected.check(found)
    }
    if let found = try validationFingerprint(validationName) {
      try origin.validationText?.check(found)
    }
  }
}
