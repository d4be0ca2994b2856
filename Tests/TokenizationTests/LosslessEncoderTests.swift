import Testing
import Tokenization

@Suite struct ByteExactEncoderTests {
  static func tokenizer(
    _ unit: TokenUnit, _ documents: DocumentSeparator = .files
  ) throws -> Tokenizer {
    try Tokenizer.fit(
      [.text("one fish, twö 🐟\n", name: "fish")],
      configuration: TokenizerConfiguration(unit: unit, documents: documents))
  }

  static func encode(
    _ bytes: [UInt8], _ tokenizer: Tokenizer, pieceByteCount: Int = .max
  ) -> LosslessTokens {
    var encoder = LosslessEncoder(tokenizer)
    var tokens = LosslessTokens()
    var rest = bytes[...]
    while !rest.isEmpty {
      rest.prefix(pieceByteCount).withUnsafeBytes { encoder.append($0, to: &tokens) }
      rest = rest.dropFirst(pieceByteCount)
    }
    encoder.finish(to: &tokens)
    return tokens
  }

  static func decode(_ tokens: LosslessTokens, _ tokenizer: Tokenizer) -> [UInt8] {
    var bytes: [UInt8] = []
    var literals = tokens.literals[...]
    for id in tokens.ids {
      tokenizer.withUTF8(of: id) { bytes.append(contentsOf: $0) }
      guard id == Vocabulary.unknown else { continue }
      repeat {
        guard EscapeSymbol.appendBytes(of: literals.removeFirst(), to: &bytes) else { break }
      } while tokenizer.vocabulary.unit == .grapheme
    }
    return literals.isEmpty ? bytes : []
  }

  static let texts: [[UInt8]] =
    NastyTexts.all.map { Array($0.utf8) } + [
      [0x66, 0xFF, 0xE2, 0x82, 0x69, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF0, 0x9F], Array(0...255),
      [0xF0, 0x9F, 0x90], [0x80], [0xF0, 0x9F, 0x0A, 0x0A, 0x90, 0x0D, 0x0A, 0x0A],
    ]

  @Test(arguments: TokenUnit.allCases, DocumentSeparator.allCases)
  func noByteIsLostWhereverPiecesEnd(unit: TokenUnit, documents: DocumentSeparator) throws {
    let tokenizer = try Self.tokenizer(unit, documents)
    for text in Self.texts {
      let whole = Self.encode(text, tokenizer)
      #expect(Self.decode(whole, tokenizer) == text)
      for count in [1, 2, 3, 7] {
        #expect(Self.encode(text, tokenizer, pieceByteCount: count) == whole)
      }
    }
  }

  @Test(arguments: TokenUnit.allCases, DocumentSeparator.allCases)
  func normalizedTextHasTheTokensThatAModelReads(
    unit: TokenUnit, documents: DocumentSeparator
  ) throws {
    let tokenizer = try Self.tokenizer(unit, documents)
    let text = tokenizer.normalize("two fish, öne 🐟🐠, 👩‍👩‍👧\nfish\n\n\ntwo e\u{301}\n\n")
    let tokens = Self.encode(Array(text.utf8), tokenizer)
    let expected = tokenizer.encode(text)
    #expect(tokens.ids == expected.ids)
    let stops = unit == .grapheme ? expected.unknowns.count : 0
    let spelled = expected.unknowns.reduce(0) { $0 + $1.spelling.unicodeScalars.count }
    #expect(tokens.literals.count == spelled + stops)
  }

  @Test func whatStandsForNoBytesIsTold() {
    var bytes: [UInt8] = []
    for literal in [0xD800, 0xDFFF, EscapeSymbol.stop, EscapeSymbol.stop + 1, .max] {
      #expect(!EscapeSymbol.appendBytes(of: literal, to: &bytes))
    }
    #expect(bytes.isEmpty)
    for byte in UInt32(0)...255 {
      #expect(EscapeSymbol.appendBytes(of: 0x110000 + byte, to: &bytes))
    }
    #expect(bytes == Array(0...255))
  }
}
