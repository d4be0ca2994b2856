import Foundation
import Testing
import Tokenization

/// Where one document of a text ends and the next one begins.
@Suite struct DocumentTests {
  static let splitting: [DocumentSeparator] = [.blankLines, .lines]

  /// The units of a text as a model reads it, with a bar for the token between documents.
  private func read(
    _ text: String, _ documents: DocumentSeparator, unit: TokenUnit = .scalar,
    after previous: Unicode.Scalar? = nil
  ) throws -> String {
    let tokenizer = try Tokenizer.fit(
      "abc\n" + text, TokenizerConfiguration(unit: unit, documents: documents))
    return tokenizer.encode(text, after: previous).ids.map {
      $0 == Vocabulary.endOfText ? "|" : tokenizer.vocabulary.spelling(of: $0)
    }.joined()
  }

  @Test(arguments: TokenUnit.allCases)
  func blankLinesSeparateDocuments(unit: TokenUnit) throws {
    for (text, expected) in [
      ("a\nb\n\nc\n", "a\nb\n|c\n"), ("a\n\n\n\nb", "a\n\n\n|b"), ("a\n \nb", "a\n \nb"),
      ("a\r\n\r\nb\r\rc", "a\n|b\n|c"), ("a\n\n", "a\n|"), ("\na\n", "\na\n"), ("\n\na", "\n|a"),
      ("", ""), ("\n", "\n"), ("a\n\r\n\rb", "a\n\n|b"),
    ] {
      #expect(try read(text, .blankLines, unit: unit).utf8.elementsEqual(expected.utf8))
    }
  }

  @Test(arguments: TokenUnit.allCases)
  func linesAreDocuments(unit: TokenUnit) throws {
    for (text, expected) in [
      ("a\nb\r\nc", "a|b|c"), ("a\n\nb\n", "a||b|"), ("\n", "|"), ("", ""), ("a", "a"),
    ] {
      #expect(try read(text, .lines, unit: unit).utf8.elementsEqual(expected.utf8))
    }
  }

  @Test func filesAreNotDivided() throws {
    #expect(try read("a\n\nb\n", .files).utf8.elementsEqual("a\n\nb\n".utf8))
  }

  /// A line feed at the beginning of a prompt ends a blank line if it follows another one.
  @Test func whatPrecedesATextCounts() throws {
    #expect(try read("\na", .blankLines, after: "\n") == "|a")
    #expect(try read("\na", .blankLines, after: "b").utf8.elementsEqual("\na".utf8))
    #expect(try read("\n\na", .blankLines, after: "\n").utf8.elementsEqual("\n|a".utf8))
    #expect(try read("\na", .lines, after: "b") == "|a")
  }

  @Test func aVocabularyOfLinesHasNoLineFeed() throws {
    for unit in [TokenUnit.scalar, .grapheme] {
      let lines = try Tokenizer.fit("a\nb\n", TokenizerConfiguration(unit: unit, documents: .lines))
      #expect(lines.vocabularySize == 4)
      #expect(lines.alphabetSize == 4)
      #expect(lines.encode("b\na\n").unknowns.isEmpty)
      let extended = try lines.extended(by: [.text("c\n\n", name: "more")])
      #expect(extended.vocabularySize == 5)
    }
    #expect(try Tokenizer.fit("a\nb\n", TokenizerConfiguration()).alphabetSize == 4)
  }

  /// The definition, on the bytes of the normalized text.
  private func naive(_ text: String, _ tokenizer: Tokenizer) -> [TokenID] {
    let bytes = tokenizer.normalizedBytes(text)
    return bytes.indices.map { index in
      let isLineFeed = bytes[index] == 0x0A
      let isLast = index + 1 == bytes.count || bytes[index + 1] != 0x0A
      let isBlank = index > 0 && bytes[index - 1] == 0x0A
      let separates = tokenizer.configuration.documents == .lines || isBlank && isLast
      return isLineFeed && separates ? Vocabulary.endOfText : TokenID(bytes[index]) + 2
    }
  }

  @Test(arguments: splitting)
  func anyTextIsDividedByTheDefinitionWhereverChunksEnd(documents: DocumentSeparator) throws {
    let tokenizer = try Tokenizer.blank(
      TokenizerConfiguration(unit: .byte, documents: documents))
    var generator = SeededGenerator(seed: 21)
    let alphabet: [Character] = ["\n", "\n", "\r", "a", "e", "\u{301}", "\r\n"]
    for round in 0..<300 {
      let text = String((0..<round % 20).map { _ in alphabet.randomElement(using: &generator)! })
      let expected = naive(text, tokenizer)
      #expect(tokenizer.encode(text).ids == expected, "\(text.codePoints)")
      let bytes = Array(text.utf8)
      for cut in bytes.indices {
        #expect(tokenizer.encode(chunks: [bytes[..<cut], bytes[cut...]]) == expected)
      }
      #expect(tokenizer.encode(chunks: bytes.indices.map { bytes[$0...$0] }) == expected)
    }
    // And where the blocks end that the encoder itself works in.
    for count in (1 << 14) - 3...(1 << 14) + 1 {
      let text = String(repeating: "a", count: count) + "\n\n\nb\n\nc\n"
      #expect(tokenizer.encode(text).ids == naive(text, tokenizer))
    }
  }

  @Test func settingsOfEarlierVersionsMeanFiles() throws {
    let coder = JSONEncoder()
    coder.outputFormatting = .sortedKeys
    let old =
      #"{"foldsCase":false,"minimumCount":1,"newlines":"lf","normalization":"nfc","unit":"scalar"}"#
    let settings = try JSONDecoder().decode(TokenizerConfiguration.self, from: Data(old.utf8))
    #expect(settings == TokenizerConfiguration())
    #expect(String(decoding: try coder.encode(settings), as: UTF8.self) == old)
    for documents in Self.splitting {
      let settings = TokenizerConfiguration(documents: documents)
      let text = try coder.encode(settings)
      #expect(
        String(decoding: text, as: UTF8.self).contains(#""documents":"\#(documents.rawValue)""#))
      #expect(try JSONDecoder().decode(TokenizerConfiguration.self, from: text) == settings)
    }
  }

  @Test(arguments: splitting)
  func keptLineEndsAreRefused(documents: DocumentSeparator) throws {
    let settings = TokenizerConfiguration(newlines: .keep, documents: documents)
    #expect(throws: TokenizerSettingsError.documentsOfKeptNewlines(documents)) {
      try Tokenizer.fit("a", settings)
    }
    #expect(
      throws: TokenizationError.invalidSettings(.documentsOfKeptNewlines(documents))
    ) {
      try Tokenizer(configuration: settings, vocabulary: Vocabulary(unit: .scalar, units: []))
    }
  }
}
