import Foundation
import Storage
import Testing
import Tokenization

@Suite final class TokenFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func ids(_ file: TokenFile, _ range: Range<Int>) -> [TokenID] {
    var ids = [TokenID](repeating: .max, count: range.count)
    ids.withUnsafeMutableBufferPointer { file.copy(range, to: $0) }
    return ids
  }

  private func write(_ text: String, to name: String) throws -> TextSource {
    let path = folder.appending(path: name).path
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return .file(path)
  }

  /// A vocabulary of up to 256 tokens takes one byte an id, a larger one two.
  @Test(arguments: [254, 255], [1, 2, 3, 7, 64, 1 << 20])
  func aFileInChunksEqualsTheTextInMemory(unitCount: Int, chunkByteCount: Int) throws {
    var generator = SeededGenerator(seed: 10)
    let alphabet = (0..<UInt32(unitCount)).map { 0x4E00 + $0 }
    let start = String(scalars: alphabet) + "\r\n\u{301}\u{316}"
    let rest = String(scalars: (0..<3_000).map { _ in alphabet.randomElement(using: &generator)! })
    let texts = [start, "", rest]
    let sources = try texts.enumerated().map { try write($0.element, to: "\($0.offset)") }
    let tokenizer = try Tokenizer.fit(
      sources, configuration: TokenizerConfiguration(), invalidUTF8: .error,
      chunkByteCount: chunkByteCount)
    #expect(tokenizer.vocabularySize == unitCount + 5)
    let file = try TokenFile.write(
      sources, tokenizer: tokenizer, invalidUTF8: .error,
      beside: folder.appending(path: "model").path, chunkByteCount: chunkByteCount)
    let expected = texts.flatMap { [Vocabulary.endOfText] + tokenizer.encode($0).ids }
    #expect(file.count == expected.count)
    let isExpected = ids(file, 0..<file.count) == expected
    #expect(isExpected)
    #expect(ids(file, 5..<5) == [])
    #expect(ids(file, 250..<300) == Array(expected[250..<300]))
    #expect(file.statistics.byteCount == texts.reduce(0) { $0 + $1.utf8.count })
    #expect(file.statistics.characterCount == expected.count - 3)
    #expect(file.statistics.tokenCount == expected.count - 3)
    #expect(file.statistics.unknownCount == 0)
  }

  @Test(arguments: [251, 252])
  func vocabulariesOf256And257TokensAreKept(unitCount: Int) throws {
    try aFileInChunksEqualsTheTextInMemory(unitCount: unitCount, chunkByteCount: 100)
  }

  @Test func statisticsCountUnknownsAndOriginalBytes() throws {
    let tokenizer = try Tokenizer.fit("ab", TokenizerConfiguration())
    let bytes: [UInt8] = [0x61, 0xFF, 0x65, 0xCC, 0x81, 0x0D, 0x0A]  // a, broken, é in two, CR LF
    let file = try TokenFile.write(
      [.bytes(bytes, name: "bytes")], tokenizer: tokenizer, invalidUTF8: .replace,
      beside: folder.appending(path: "model").path)
    #expect(ids(file, 0..<file.count) == [1, 2, 0, 0, 0])
    var expected = TextStatistics()
    expected.byteCount = 7
    expected.characterCount = 4
    expected.tokenCount = 4
    expected.unknownCount = 3
    expected.unknownNats = 3 * tokenizer.unknownNats()
    #expect(file.statistics == expected)
  }

  @Test func textsAreJoinedByOneToken() throws {
    for (documents, texts, expected) in [
      (.files, ["a\n", "b\n\n", "", "c"], "|a.|b..||c"),
      (.blankLines, ["a\n", "b\n\n", "", "c"], "|a.|b.||c"),
      (.lines, ["a\n", "b\n\n", "c"], "|a|b||c"),
    ] as [(DocumentSeparator, [String], String)] {
      let tokenizer = try Tokenizer.fit(
        "a\nb\nc\n", TokenizerConfiguration(documents: documents))
      let file = try TokenFile.write(
        texts.map { .text($0, name: "text") }, tokenizer: tokenizer,
        beside: folder.appending(path: "model").path)
      let read = ids(file, 0..<file.count).map {
        $0 == Vocabulary.endOfText
          ? "|" : tokenizer.vocabulary.spelling(of: $0).replacing("\n", with: ".")
      }.joined()
      #expect(read == expected, "\(documents)")
      #expect(file.statistics.characterCount == texts.reduce(0) { $0 + $1.utf8.count })
    }
  }

  @Test func idsInMemoryAreTokensToo() {
    let file = TokenFile([5, 6, 7])
    #expect(file.count == 3)
    #expect(ids(file, 1..<3) == [6, 7])
    #expect(ids(TokenFile([]), 0..<0) == [])
  }

  @Test func errorsNameTheFile() throws {
    let missing = folder.appending(path: "missing").path
    #expect(throws: StorageError.notFound(path: missing)) {
      try Tokenizer.fit([.file(missing)], configuration: TokenizerConfiguration())
    }
    #expect(throws: StorageError.isDirectory(path: folder.path)) {
      try TextSource.argument(folder.path, spoolingBeside: missing)
    }
    let tokenizer = try Tokenizer.blank(TokenizerConfiguration())
    #expect(throws: StorageError.notFound(path: missing)) {
      try TokenFile.write([.file(missing)], tokenizer: tokenizer, beside: missing)
    }
  }

  @Test func aPipeCanBeReadTwice() throws {
    let path = folder.appending(path: "pipe").path
    try #require(mkfifo(path, 0o600) == 0)
    let text = String(repeating: "through a pipe\n", count: 10_000)
    let writer = Thread {
      try? text.write(to: URL(filePath: path), atomically: false, encoding: .utf8)
    }
    writer.start()
    let source = try TextSource.argument(path, spoolingBeside: path)
    #expect(source.name == path)
    let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
    let file = try TokenFile.write([source], tokenizer: tokenizer, beside: path)
    let isExpected = tokenizer.decode(ids(file, 0..<file.count)) == text
    #expect(isExpected)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names == ["pipe"])
  }
}
