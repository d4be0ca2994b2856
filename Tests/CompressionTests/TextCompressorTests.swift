import Compression
import Evaluation
import Foundation
import Kernels
import ModelFiles
import Storage
import TestSupport
import Testing
import Tokenization

/// What goes in comes out, at the size that the evaluation says.
@Suite struct TextCompressorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let known = "The quick brown fox — größer,\nschneller — e\u{301}t une grille.\n"

  static func model(
    _ unit: TokenUnit = .scalar, newlines: NewlinePolicy = .lf,
    documents: DocumentSeparator = .files, scale: Float = 4, instructionSet: InstructionSet = .best
  ) throws -> TextModel {
    let tokenizer = TokenizerConfiguration(unit: unit, newlines: newlines, documents: documents)
    // Larger weights make some characters likely and others not.
    return try SampleModel(
      vocabularyOf: known, tokenizer: tokenizer, instructionSet: instructionSet
    ) { parameters in
      for index in 0..<parameters.count { parameters.start[index] *= scale }
    }.text
  }

  /// - Returns: the compressed bytes.
  @discardableResult
  func compress(
    _ bytes: [UInt8], _ model: TextModel, threadCount: Int = 1, to name: String = "compressed",
    instructionSet: InstructionSet = .best
  ) throws -> Data {
    var compressor = TextCompressor(
      model, processor: Processor(instructionSet: instructionSet, threadCount: threadCount))
    let result = try compressor.compress(.bytes(bytes, name: "text"), to: folder.path(name))
    let compressed = try Data(contentsOf: URL(filePath: folder.path(name)))
    #expect(result.bytes == bytes.count)
    #expect(result.compressedBytes == compressed.count)
    return compressed
  }

  func decompress(_ model: TextModel, threadCount: Int = 1) throws -> [UInt8] {
    let output = folder.path("original")
    defer { try? FileManager.default.removeItem(atPath: output) }
    let file = try CompressedFile(path: folder.path("compressed"))
    var decompressor = TextDecompressor(
      model,
      processor: Processor(instructionSet: file.instructionSet, threadCount: threadCount))
    try decompressor.decompress(file, to: output)
    return try Array(Data(contentsOf: URL(filePath: output)))
  }

  func remove() throws { try FileManager.default.removeItem(atPath: folder.path("compressed")) }

  static let texts: [[UInt8]] = [
    [], [0], Array("T".utf8), Array(known.utf8), Array("fox\r\nfox\r\n".utf8),
    Array("fox\r\nfox\n\rfox\r".utf8), Array("\u{FEFF}e\u{301}é 🏳️‍🌈 ΩÅ\u{212B}\u{FFFD}".utf8),
    [0x61, 0xFF, 0xE2, 0x82, 0x62, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF0, 0x9F], Array(0...255),
    Array("\n\nfox\n\n\n\nfox\r\n\n\r\nfox\n".utf8), Array("fox\r\n\r\nfox\r\n\r\n".utf8),
    [0xE2, 0x82, 0x0A, 0x0A, 0x82, 0x0D, 0x0A],
    Array(String(repeating: known, count: 100).utf8) + [0xE2],
  ]

  @Test(arguments: [TokenUnit.scalar, .grapheme, .byte])
  func anyBytesComeBack(unit: TokenUnit) throws {
    for newlines in NewlinePolicy.allCases {
      let model = try Self.model(unit, newlines: newlines)
      for text in Self.texts {
        try compress(text, model)
        #expect(try decompress(model) == text)
        try remove()
      }
    }
  }

  @Test(arguments: [TokenUnit.scalar, .grapheme, .byte], [DocumentSeparator.blankLines, .lines])
  func anyBytesComeBackInDocuments(unit: TokenUnit, documents: DocumentSeparator) throws {
    let model = try Self.model(unit, documents: documents)
    for text in Self.texts {
      try compress(text, model)
      #expect(try decompress(model) == text)
      try remove()
    }
    try compress(Array(Self.known.utf8), model)
    #expect(throws: CompressionError.otherModel(file: folder.path("compressed"))) {
      try decompress(Self.model(unit))
    }
  }

  @Test(arguments: [TokenUnit.scalar, .grapheme, .byte], DocumentSeparator.allCases)
  func theSizeIsTheCodeLengthThatTheEvaluationGives(
    unit: TokenUnit, documents: DocumentSeparator
  ) throws {
    let model = try Self.model(unit, documents: documents)
    let lines = [
      "The quick fox\n", "größer, grille — Ω\n", "une 🙂👍🏽 brown\n", "schneller\n\n", "\n",
    ]
    var stream = RandomStream(seed: 1)
    let text = (0..<800).map { _ in lines[Int(stream.next() % 5)] }.joined()
    for text in [text, "T", "Ω", text.replacing("\n", with: "\r\n")] {
      let size = try compress(Array(text.utf8), model).count
      var evaluator = Evaluator(model, processor: Processor(threadCount: 1))
      let promised = try evaluator.evaluate(.text(text, name: "text")).nats / log(2) / 8
      #expect(abs(Double(size) - promised) <= 0.005 * promised + 64, "\(size), \(promised)")
      try remove()
    }
  }

  @Test func theFileDoesNotDependOnThreads() throws {
    let model = try Self.model()
    let text = Self.texts.last!
    let one = try compress(text, model)
    #expect(try decompress(model, threadCount: 3) == text)
    #expect(try compress(text, model, threadCount: 3, to: "other") == one)
  }

  @Test(arguments: InstructionSet.available)
  func theFileKnowsItsInstructionSet(set: InstructionSet) throws {
    let model = try Self.model(instructionSet: set)
    try compress(Array(Self.known.utf8), model, instructionSet: set)
    #expect(try CompressedFile(path: folder.path("compressed")).instructionSet == set)
    #expect(try decompress(model) == Array(Self.known.utf8))
  }

  @Test func everyDamagedByteIsFoundBeforeAnythingIsWritten() throws {
    let model = try Self.model()
    let whole = try compress(Array(Self.known.utf8), model)
    func expectError(_ bytes: Data) throws {
      try bytes.write(to: URL(filePath: folder.path("compressed")))
      #expect(throws: CompressionError.self) { try decompress(model) }
    }
    for place in whole.indices {
      for bit in [0, 3, 7] {
        var damaged = whole
        damaged[place] ^= 1 << bit
        try expectError(damaged)
      }
    }
    for count in 0..<whole.count { try expectError(whole.prefix(count)) }
    try expectError(whole + [0])
    #expect(try folder.contents() == ["compressed"])
  }

  /// Damage that mends the checksum, as only malice does.
  @Test func liesWithARightChecksumNeverMakeAWrongFile() throws {
    let model = try Self.model()
    let whole = try compress(Array(Self.known.utf8), model)
    var found = 0
    for place in whole.indices.dropLast(8) {
      var lying = Array(whole.dropLast(8))
      lying[place] ^= 0x10
      let checksum = lying.withUnsafeBytes { SHA256Digest(of: $0) }.bytes.prefix(8)
      try Data(lying + checksum).write(to: URL(filePath: folder.path("compressed")))
      do {
        #expect(try decompress(model) == Array(Self.known.utf8), "byte \(place)")
      } catch is CompressionError {
        found += 1
      }
    }
    // Only the byte that ends the choices has bits that do not matter.
    #expect(found >= whole.count - 9)
    #expect(try folder.contents() == ["compressed"])
  }

  @Test func anotherModelIsRefused() throws {
    try compress(Array(Self.known.utf8), Self.model())
    let path = folder.path("compressed")
    #expect(throws: CompressionError.otherModel(file: path)) {
      try decompress(Self.model(scale: 4.001))
    }
    #expect(throws: CompressionError.otherModel(file: path)) {
      try decompress(Self.model(.grapheme))
    }
  }

  @Test func aModelWhoseNumbersOverflowIsAnErrorAndLeavesNoFile() throws {
    let model = try Self.model(scale: .greatestFiniteMagnitude)
    #expect(throws: CompressionError.notFinite(file: "text")) {
      try compress(Array(Self.known.utf8), model)
    }
    #expect(try folder.contents() == [])
  }

  /// A right checksum makes no right length: decoding ends soon after the last byte.
  @Test(.timeLimit(.minutes(10)), arguments: [TokenUnit.scalar, .grapheme, .byte])
  func aLieAboutTheLengthIsFound(unit: TokenUnit) throws {
    let model = try Self.model(unit)
    var bytes = Array(try compress(Array((Self.known + "\u{1F642}\u{1F44D}").utf8), model))
    let start = bytes.count - CompressedFile.trailerByteCount
    for length in [UInt64(1) << 60, 1 << 20, 1] {
      for index in 0..<8 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
      let checked = bytes.dropLast(CompressedFile.checksumByteCount)
      let checksum = checked.withUnsafeBytes { SHA256Digest(of: $0).bytes }
      bytes.replaceSubrange(
        checked.endIndex..., with: checksum.prefix(CompressedFile.checksumByteCount))
      try Data(bytes).write(to: URL(filePath: folder.path("compressed")))
      #expect(throws: CompressionError.damaged(file: folder.path("compressed"))) {
        try decompress(model)
      }
      #expect(try folder.contents() == ["compressed"])
    }
  }

  @Test func endingTheWorkLeavesNoFile() throws {
    struct Enough: Error {}
    let model = try Self.model()
    var compressor = TextCompressor(model, processor: Processor(threadCount: 1))
    let path = folder.path("compressed")
    #expect(throws: Enough.self) {
      try compressor.compress(.text("fox", name: "text"), to: path) { _ in throw Enough() }
    }
    #expect(try folder.contents() == [])
    try compress(Array("fox".utf8), model)
    var decompressor = TextDecompressor(model, processor: Processor(threadCount: 1))
    let file = try CompressedFile(path: path)
    let output = folder.path("original")
    #expect(throws: Enough.self) {
      try decompressor.decompress(file, to: output) { _ in throw Enough() }
    }
    #expect(try folder.contents() == ["compressed"])
  }
}
