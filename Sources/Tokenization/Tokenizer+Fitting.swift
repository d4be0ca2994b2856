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
    var counter = UnitCounter(unit: configuration.unit)
    var normalizer = TextNormalizer(configuration)
    var normalized = ScratchBuffer<UInt8>(capacity: 2 * chunkByteCount)
    for source in sources {
      var reader = try TextReader(
        source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
      while try reader.next({
        normalizer.append($0.assumingMemoryBound(to: UInt8.self), to: &normalized)
      }) {
        counter.append(normalized.elements)
        normalized.removeAll()
      }
      normalizer.finish(to: &normalized)
      counter.append(normalized.elements)
      normalized.removeAll()
      counter.finishText()
    }
    return try Tokenizer(
      configuration: configuration,
      vocabulary: counter.vocabulary(minimumCount: configuration.minimumCount))
  }
}
