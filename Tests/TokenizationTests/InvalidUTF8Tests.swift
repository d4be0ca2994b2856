import Foundation
import Testing
import Tokenization

@Suite struct InvalidUTF8Tests {
  private func read(
    _ bytes: [UInt8], _ policy: InvalidUTF8Policy, chunkByteCount: Int
  ) throws -> (text: [UInt8], byteCount: Int) {
    var reader = try TextReader(
      .bytes(bytes, name: "bytes"), invalidUTF8: policy, chunkByteCount: chunkByteCount)
    var text: [UInt8] = []
    while try reader.next({ chunk -> Void in
      #expect(chunk.count > 0 && String(validating: chunk, as: UTF8.self) != nil)
      text += chunk
    }) != nil {}
    return (text, reader.byteCount)
  }

  /// Bytes of which many almost are UTF-8.
  private func nearlyUTF8(_ generator: inout SeededGenerator) -> [UInt8] {
    let pieces: [[UInt8]] = [
      [0x41], [0x80], [0xBF], [0xC0], [0xC1, 0x80], [0xC2], [0xDF, 0xBF], [0xE0, 0x80],
      [0xE0, 0xA0],
      [0xE1, 0x80], [0xED, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEF, 0xBF, 0xBD], [0xF0, 0x80],
      [0xF0, 0x90, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF],
      [0xF1, 0x80, 0x80], [0xF3, 0xA0, 0x81, 0x87], [0xE4, 0xB8, 0xAD],
      [UInt8.random(in: 0...255, using: &generator)],
    ]
    return (0..<Int.random(in: 0...12, using: &generator)).flatMap { _ in
      pieces.randomElement(using: &generator)!
    }
  }

  @Test(arguments: 1...9) func aByteOrderMarkIsNoPartOfTheText(chunkByteCount: Int) throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = Array("a b\u{FEFF}c".utf8)
    for (bytes, expected) in [
      (mark + text, text), (mark, []), (mark + mark, mark), (text, text),
      ([0xEF, 0xBB] + text, nil as [UInt8]?), ([0xEF, 0xBC, 0x81], [0xEF, 0xBC, 0x81]),
    ] {
      let read = try? read(bytes, .error, chunkByteCount: chunkByteCount)
      #expect(read?.text == expected)
      if let read { #expect(read.byteCount == bytes.count) }
    }
  }

  private static let otherFiles: [(bytes: [UInt8], word: String)] = [
    ([0xFF, 0xFE, 0x61, 0, 0x62, 0, 0x63, 0], "seems to be UTF-16"),
    ([0x1F, 0x8B, 8, 0, 0xC0, 0xFF, 1, 2, 3, 4], "compressed with gzip"),
    (
      Array("It's a text. It".utf8) + [0x92] + Array("s from Windows".utf8),
      "seems to be Windows-1252"
    ),
    ([0xC3, 0xA4, 0xFF, 0xFE, 0xFD, 0x80, 0x81, 0x82, 0x83, 0x84], "U+FFFD"),
  ]

  @Test func anErrorSaysWhatTheFileSeemsToBe() throws {
    for (bytes, word) in Self.otherFiles {
      #expect {
        try self.read(bytes, .error, chunkByteCount: 1 << 16)
      } throws: {
        "\($0)".contains(word)
      }
    }
  }

  /// The paragraphs of corpora/many-scripts.txt.
  private func paragraphs() throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "corpora/many-scripts.txt"), encoding: .utf8)
      .components(separatedBy: "\n\n")
  }

  /// The texts of many scripts are well-formed UTF-8 even if they are UTF-16, because all their
  /// bytes are below 0x80.
  @Test(arguments: [
    (String.Encoding.utf16LittleEndian, ContentGuess.utf16LittleEndian),
    (.utf16BigEndian, .utf16BigEndian), (.utf32LittleEndian, .utf32LittleEndian),
    (.utf32BigEndian, .utf32BigEndian),
  ]) func wideCodeUnitsWithoutAMarkAreRefused(
    encoding: String.Encoding, content: ContentGuess
  ) throws {
    var silentCount = 0
    for text in try paragraphs() {
      let bytes = try [UInt8](#require(text.data(using: encoding)))
      let error = #expect(throws: TokenizationError.self, "\(text)") {
        try self.read(bytes, .error, chunkByteCount: 1 << 16)
      }
      guard String(validating: bytes, as: UTF8.self) != nil else { continue }
      silentCount += 1
      #expect(error == .otherEncoding(file: "bytes", content: content), "\(text)")
      #expect(try read(bytes, .replace, chunkByteCount: 1 << 16).text == bytes)
    }
    #expect(silentCount > 3)
  }

  @Test func textsInUTF8AreNotTakenForUTF16() throws {
    let lists = ["1\n2\n3\n4\n5\n6\n", "\t\n\t\n\t\n\t\n\t\n", "a.txt\0b.txt\0c.txt\0d.txt\0"]
    let zeros = String(repeating: "\0", count: 100)
    for text in try paragraphs() + lists + [zeros] {
      let bytes = Array(text.utf8)
      #expect(try read(bytes, .error, chunkByteCount: 1 << 16).text == bytes, "\(text)")
    }
  }

  @Test func illFormedSequencesBecomeU_FFFDAsInAString() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let bytes = nearlyUTF8(&generator)
      let expected = Array(String(decoding: bytes, as: UTF8.self).utf8)
      for chunkByteCount in 1...max(1, bytes.count) {  // a cut at every position
        let (text, byteCount) = try read(bytes, .replace, chunkByteCount: chunkByteCount)
        #expect(text == expected, "\(bytes) in chunks of \(chunkByteCount)")
        #expect(byteCount == bytes.count)
      }
    }
  }

  @Test func anErrorNamesFileAndFirstByteOfTheIllFormedSequence() throws {
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<2_000 {
      let bytes = nearlyUTF8(&generator)
      // The longest well-formed beginning, as the standard library sees it.
      let offset = bytes.indices.reversed().first {
        String(validating: bytes[..<$0], as: UTF8.self) != nil
      }
      let isWhole = String(validating: bytes, as: UTF8.self) != nil
      for chunkByteCount in 1...max(1, bytes.count) {
        let expected: TokenizationError? =
          isWhole ? nil : .invalidUTF8(file: "bytes", byteOffset: offset!)
        var found: TokenizationError?
        do {
          _ = try read(bytes, .error, chunkByteCount: chunkByteCount)
        } catch let error as TokenizationError {
          found = error.withoutContent
        }
        #expect(found == expected, "\(bytes) in chunks of \(chunkByteCount)")
      }
    }
  }

  @Test(
    arguments: [
      ([0x61, 0xFF], 1), ([0xC3], 0), ([0x61, 0x62, 0xE4, 0xB8], 2), ([0xED, 0xA0, 0x80], 0),
      ([0xF0, 0x9F, 0x98, 0x41], 0), ([0xC0, 0xAF], 0),
      ([0xE4, 0xB8, 0xAD, 0xF4, 0x90, 0x80, 0x80], 3),
    ] as [([UInt8], Int)])
  func offsets(bytes: [UInt8], byteOffset: Int) {
    #expect(throws: TokenizationError.invalidUTF8(file: "bytes", byteOffset: byteOffset)) {
      _ = try read(bytes, .error, chunkByteCount: 1 << 20)
    }
    #expect(throws: TokenizationError.invalidUTF8(file: "bytes", byteOffset: byteOffset)) {
      _ = try Tokenizer.fit([.bytes(bytes, name: "bytes")], configuration: TokenizerConfiguration())
    }
  }

  @Test func aDecoderOfBytesReplacesAsAString() throws {
    let tokenizer = try Tokenizer.blank(TokenizerConfiguration(unit: .byte))
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<3_000 {
      let bytes = nearlyUTF8(&generator)
      let expected = String(decoding: bytes, as: UTF8.self)
      var decoder = TextDecoder(tokenizer)
      var text = ""
      for byte in bytes {
        let piece = decoder.append(TokenID(byte) + 2)
        text += piece
        #expect(decoder.characterCount == text.unicodeScalars.count)
      }
      text += decoder.finish()
      #expect(Array(text.utf8) == Array(expected.utf8), "\(bytes)")
      #expect(decoder.characterCount == text.unicodeScalars.count)
      #expect(tokenizer.decode(bytes.map { TokenID($0) + 2 }).utf8.elementsEqual(expected.utf8))
    }
  }
}

extension TokenizationError {
  /// The error without the guess at what the file is instead.
  fileprivate var withoutContent: TokenizationError {
    guard case .invalidUTF8(let file, let byteOffset, _) = self else { return self }
    return .invalidUTF8(file: file, byteOffset: byteOffset)
  }
}
