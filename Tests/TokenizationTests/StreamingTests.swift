import Testing
import Tokenization

@Suite struct StreamingTests {
  @Test(arguments: Pipelines.everything)
  func aCutAnywhereChangesNothing(_ configuration: TokenizerConfiguration) throws {
    for text in NastyTexts.all {
      let tokenizer = try Tokenizer.fit(text, configuration)
      let bytes = Array(text.utf8)
      let whole = tokenizer.encode(text)
      #expect(whole.unknowns.isEmpty)
      for cut in bytes.indices {
        let ids = tokenizer.encode(chunks: [bytes[..<cut], bytes[cut...]])
        #expect(ids == whole.ids, "cut at \(cut) of \(text.codePoints)")
      }
      let ids = tokenizer.encode(chunks: bytes.indices.map { bytes[$0...$0] })
      #expect(ids == whole.ids, "bytes of \(text.codePoints)")
    }
  }

  @Test(arguments: Pipelines.everything)
  func decodingGivesTheNormalizedText(_ configuration: TokenizerConfiguration) throws {
    var generator = SeededGenerator(seed: 6)
    let random = (0..<20).map { generator.text(scalarCount: 3 * $0) }
    let everything = (NastyTexts.all + random).joined(separator: "\n")
    let tokenizer = try Tokenizer.fit(
      (NastyTexts.all + random).map { .text($0, name: "text") }, configuration: configuration)
    for text in NastyTexts.all + random {
      let tokens = tokenizer.encode(text)
      #expect(tokens.unknowns.isEmpty)
      #expect(Array(tokenizer.decode(tokens.ids).utf8) == tokenizer.normalizedBytes(text))
    }
    #expect(!tokenizer.decode(tokenizer.encode(everything).ids).isEmpty)
  }

  @Test(arguments: Pipelines.everything)
  func charactersAreScalarsAfterNormalization(_ configuration: TokenizerConfiguration) throws {
    for text in NastyTexts.all {
      let tokenizer = try Tokenizer.blank(configuration)
      var encoder = TokenEncoder(tokenizer)
      var ids: [TokenID] = []
      Array(text.utf8).withUnsafeBytes { encoder.append($0, to: &ids) }
      encoder.finish(to: &ids)
      #expect(encoder.characterCount == tokenizer.normalize(text).unicodeScalars.count)
      #expect(encoder.tokenCount == ids.count)
      let unitCount = ids.count { $0 != Vocabulary.endOfText }
      #expect(encoder.unknownCount == (configuration.unit == .byte ? 0 : unitCount))
    }
  }

  @Test func linesEndInLineFeeds() throws {
    let tokenizer = try Tokenizer.blank(TokenizerConfiguration())
    #expect(
      tokenizer.normalize("a\r\nb\rc\n\rd\r\r\ne\r").utf8.elementsEqual("a\nb\nc\n\nd\n\ne\n".utf8))
    #expect(
      tokenizer.normalize("\u{85}\u{2028}\u{2029}").utf8.elementsEqual(
        "\u{85}\u{2028}\u{2029}".utf8))
  }

  @Test func anEncoderGoesOnWithAnotherText() throws {
    let tokenizer = try Tokenizer.fit("ab\n\u{301}\u{E1}", TokenizerConfiguration())
    var encoder = TokenEncoder(tokenizer)
    var ids: [TokenID] = []
    // Neither the accent nor the line feed belongs to what was before.
    for text in ["a", "\u{301}", "b\r", "\n"] {
      Array(text.utf8).withUnsafeBytes { encoder.append($0, to: &ids) }
      encoder.finish(to: &ids)
    }
    #expect(tokenizer.vocabulary.id(of: "\u{301}") == 6)
    #expect(ids == [3, 6, 4, 2, 2])
  }

  /// A contract that callers can break must not let them read what is not theirs.
  @Test(arguments: [[0x61, 0xE4, 0xB8], [0xE4, 0x61], [0xF7, 0xBF, 0xBF, 0xBF]] as [[UInt8]])
  func chunksThatAreNotUTF8StopTheProgram(bytes: [UInt8]) async throws {
    await #expect(processExitsWith: .failure) { [bytes] in
      let tokenizer = try Tokenizer.blank(TokenizerConfiguration())
      _ = tokenizer.encode(chunks: [bytes[...]])
    }
  }
}
