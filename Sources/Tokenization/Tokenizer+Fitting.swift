extension Tokenizer {
  /// Builds the vocabulary of texts.
  ///
  /// The texts are read once, in flat memory. Where the unit is the byte they are not read at all, for
  /// that vocabulary is always the same.
  /// - Throws: `TokenizationError` or `StorageError`.
  public static func fit(
    _ sources: [TextSource], configuration: TokenizerConfiguration,
    invalidUTF8: InvalidUTF8Policy = .error
  ) throws -> Tokenizer {
    try fit(
      sources, configuration: configuration, invalidUTF8: invalidUTF8,
      chunkByteCount: TextReader.defaultChunkByteCount)
  }

  package static func fit(
    _ sources: [TextSource], configuration: TokenizerConfiguration,
    invalidUTF8: InvalidUTF8Policy, chunkByteCount: Int
  ) throws -> Tokenizer {
    try configuration.validate()
    guard configuration.unit != .byte else {
      return try Tokenizer(configuration: configuration, vocabulary: .bytes)
    }
    var counter = UnitCounter(configuration)
    for source in sources {
      var reader = try TextReader(
        source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
      while try reader.next({ counter.append($0) }) != nil {}
      counter.finishText()
    }
    return try Tokenizer(
      configuration: configuration,
      vocabulary: counter.vocabulary())
  }
}
