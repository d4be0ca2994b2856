import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// Compresses files with a model: the proof that the code length of `Evaluator` is a real one.
///
/// ```swift
/// import Compression
/// import Kernels
/// import ModelFiles
///
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// var compressor = TextCompressor(model, processor: processor)
/// let result = try compressor.compress(.file("novel.txt"), to: "novel.txt.charlm")
/// print(result.bitsPerByte)
/// ```
///
/// Every token is coded with the probability that the model gives it after all tokens before it.
/// Any bytes can be compressed and are restored exactly: see `LosslessEncoder` for units outside
/// the vocabulary. A text whose lines all end with CR LF is coded with LF, if the model reads all
/// line ends as LF. Files are streamed: memory does not depend on their size.
public struct TextCompressor: ~Copyable {
  private let model: TextModel
  private let processor: Processor
  private var predictor: Predictor
  private let modelDigest: [UInt8]
  private var intervals = TokenIntervals()

  /// Creates a compressor that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    self.model = model
    self.processor = processor
    modelDigest = Array(model.digest().bytes.prefix(CompressedFile.modelByteCount))
    predictor = Predictor(weights: model.weights, processor: processor)
  }

  /// What has been coded so far, and what is still to be coded.
  private struct Progress {
    var encoder = ArithmeticEncoder()
    var tokens = LosslessTokens()
    var state: RecurrentState
    var previous = Vocabulary.endOfText
    var result: CompressionResult
  }

  /// Writes the compressed file at `path`: all of it or, after an error, nothing.
  /// - Parameters:
  ///   - source: the text.
  ///   - path: the path of the compressed file.
  ///   - permissions: those of a file that replaces none; by default the umask's.
  ///   - report: receives the figures so far; an error that it throws ends the work.
  /// - Throws: `StorageError`, `CompressionError.notFinite`, or what `report` throws.
  public mutating func compress(
    _ source: TextSource, to path: String, permissions: FilePermissions? = nil,
    progress report: (CompressionResult) throws -> Void = { _ in }
  ) throws -> CompressionResult {
    let original = try OriginalFile(source)
    let dropsReturns = original.endsLinesWithCRLF && model.tokenizer.configuration.newlines == .lf
    let header = try header(dropsReturns: dropsReturns, name: source.name)
    var result = CompressionResult(bytes: 0, compressedBytes: 0, tokens: 0, unknownCharacters: 0)
    try FileWriter.replace(path: path, permissions: permissions) { writer in
      var file = ChecksummedWriter()
      try file.write(header, to: &writer)
      result = try encode(
        source, dropsReturns: dropsReturns, to: &writer, &file, progress: report)
      guard try OriginalFile(source) == original else {
        throw StorageError.readFailed(path: source.name, reason: "it changed meanwhile")
      }
      try file.write(trailer(original), to: &writer)
      result.bytes = original.byteCount
      result.compressedBytes = try file.writeChecksum(to: &writer)
    }
    return result
  }

  private mutating func header(dropsReturns: Bool, name: String) throws -> [UInt8] {
    guard
      let probe = CodingProbe.digest(model, predictor: &predictor, kernels: processor.kernels)
    else { throw CompressionError.notFinite(file: name) }
    let set = InstructionSet.allCases.firstIndex(of: processor.kernels.instructionSet)!
    return CompressedFile.signature
      + [UInt8(CompressedFile.format), UInt8(set), dropsReturns ? 1 : 0] + modelDigest + probe
  }

  private func trailer(_ original: OriginalFile) -> [UInt8] {
    withUnsafeBytes(of: UInt64(original.byteCount).littleEndian) { Array($0) } + original.digest
  }

  private mutating func encode(
    _ source: TextSource, dropsReturns: Bool, to writer: inout FileWriter,
    _ file: inout ChecksummedWriter, progress report: (CompressionResult) throws -> Void
  ) throws -> CompressionResult {
    var bytes = LosslessEncoder(model.tokenizer)
    var progress = Progress(
      state: RecurrentState(model.weights.configuration),
      result: CompressionResult(bytes: 0, compressedBytes: 0, tokens: 0, unknownCharacters: 0))
    try source.forEachPiece { piece in
      for start in stride(from: 0, to: piece.count, by: Self.chunkByteCount) {
        let chunk = piece[start..<min(piece.count, start + Self.chunkByteCount)]
        append(
          UnsafeRawBufferPointer(rebasing: chunk), dropsReturns: dropsReturns, to: &bytes,
          &progress.tokens)
        try encodeTokens(&progress, name: source.name)
        try file.write(progress.encoder.bytes, to: &writer)
        progress.encoder.bytes.removeAll(keepingCapacity: true)
        progress.result.bytes += chunk.count
        progress.result.compressedBytes = file.byteCount
        try report(progress.result)
      }
    }
    bytes.finish(to: &progress.tokens)
    try encodeTokens(&progress, name: source.name)
    progress.encoder.finish()
    try file.write(progress.encoder.bytes, to: &writer)
    return progress.result
  }

  /// The bytes coded at a time, which is also how often progress is reported.
  private static let chunkByteCount = 1 << 14

  private func append(
    _ chunk: UnsafeRawBufferPointer, dropsReturns: Bool, to bytes: inout LosslessEncoder,
    _ tokens: inout LosslessTokens
  ) {
    guard dropsReturns else { return bytes.append(chunk, to: &tokens) }
    let kept = chunk.filter { $0 != LineEnds.carriageReturn }
    kept.withUnsafeBytes { bytes.append($0, to: &tokens) }
  }

  /// Codes the tokens collected so far and removes them.
  private mutating func encodeTokens(_ progress: inout Progress, name: String) throws {
    let kernels = processor.kernels
    let spellsClusters = model.tokenizer.vocabulary.unit == .grapheme
    let tokens = progress.tokens
    var symbols = tokens.literals[...]
    var encoder = progress.encoder
    var intervals = intervals
    try tokens.ids.withUnsafeBufferPointer { ids in
      try predictor.forEachLogits(ids, after: &progress.previous, state: &progress.state) {
        index, logits in
        guard intervals.update(logits, kernels: kernels) else {
          throw CompressionError.notFinite(file: name)
        }
        encoder.encode(intervals.interval(of: ids[index]))
        guard ids[index] == Vocabulary.unknown else { return }
        var symbol = symbols.removeFirst()
        encoder.encode(EscapeIntervals.interval(of: symbol))
        while spellsClusters && symbol != EscapeSymbol.stop {
          symbol = symbols.removeFirst()
          encoder.encode(EscapeIntervals.interval(of: symbol))
        }
      }
    }
    progress.encoder = encoder
    progress.result.tokens += tokens.ids.count
    progress.result.unknownCharacters += tokens.ids.count { $0 == Vocabulary.unknown }
    progress.tokens.removeAll()
  }
}

/// The figures of a compressed file.
public struct CompressionResult: Sendable, Equatable {
  /// Bytes of the original.
  public var bytes: Int
  /// Bytes of the compressed file.
  public var compressedBytes: Int
  /// Tokens that were coded.
  public var tokens: Int
  /// Tokens outside the vocabulary, which were spelled.
  public var unknownCharacters: Int

  /// 8 compressedBytes / bytes
  public var bitsPerByte: Double { 8 * Double(compressedBytes) / Double(bytes) }
}
