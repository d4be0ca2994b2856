extension Tokenizer {
  /// Builds the vocabulary of texts.
  ///
  /// The texts are read once, in constant memory. If the unit is the byte they are not read at all,
  /// because that vocabulary is always the same.
  /// - Throws: `TokenizerSettingsError`, `TokenizationError` or `StorageError`.
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
    let counter = try count(
      sources, configuration, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    return try Tokenizer(configuration: configuration, vocabulary: counter.vocabulary())
  }

  /// This tokenizer, with the unknown units of `sources` added after its own: every token keeps its
  /// meaning. Nothing is added if the unit is the byte.
  ///
  /// - Parameters:
  ///   - sources: the texts whose units are added.
  ///   - minimumCount: a new unit that occurs fewer times stays unknown; nil for the tokenizer's
  ///     own minimum count.
  ///   - invalidUTF8: what to do with bytes that are not UTF-8.
  /// - Throws: `TokenizerSettingsError`, `TokenizationError` or `StorageError`.
  public func extended(
    by sources: [TextSource], minimumCount: Int? = nil, invalidUTF8: InvalidUTF8Policy = .error
  ) throws -> Tokenizer {
    var configuration = configuration
    if let minimumCount { configuration.minimumCount = minimumCount }
    try configuration.validate()
    guard configuration.unit != .byte else { return self }
    let counter = try Self.count(
      sources, configuration, invalidUTF8: invalidUTF8,
      chunkByteCount: TextReader.defaultChunkByteCount)
    return try Tokenizer(
      configuration: configuration, vocabulary: vocabulary.adding(counter.units()),
      unicodeVersion: unicodeVersion)
  }

  private static func count(
    _ sources: [TextSource], _ configuration: TokenizerConfiguration,
    invalidUTF8: InvalidUTF8Policy, chunkByteCount: Int
  ) throws -> UnitCounter {
    var counter = UnitCounter(configuration)
    for source in sources {
      var reader = try TextReader(
        source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
      while try reader.next({ counter.append($0) }) != nil {}
      counter.finishText()
    }
    return counter
  }
}
