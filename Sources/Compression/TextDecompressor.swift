import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// Restores the files that `TextCompressor` compressed, byte for byte.
///
/// ```swift
/// import Compression
/// import Kernels
/// import ModelFiles
///
/// let file = try CompressedFile(path: "novel.txt.charlm")
/// let processor = Processor(instructionSet: file.instructionSet, threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// var decompressor = TextDecompressor(model, processor: processor)
/// try decompressor.decompress(file, to: "novel.txt")
/// ```
///
/// The model must compute exactly the numbers that it computed when the file was compressed: the
/// same weights, the same instruction set (the file names it), the same build; the number of
/// threads does not matter. This is checked first, and the original's digest is compared at the
/// end.
public struct TextDecompressor: ~Copyable {
  private let model: TextModel
  private let processor: Processor
  private var predictor: Predictor
  private let modelDigest: [UInt8]
  private var intervals = TokenIntervals()
  /// The bytes of the last choice.
  private var unit: [UInt8] = []

  /// Creates a decompressor that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    self.model = model
    self.processor = processor
    modelDigest = Array(model.digest().bytes.prefix(CompressedFile.modelByteCount))
    predictor = Predictor(weights: model.weights, processor: processor)
  }

  /// Writes the original at `path`: all of it or, after an error, nothing.
  /// - Parameters:
  ///   - file: the compressed file.
  ///   - path: the path of the original.
  ///   - permissions: those of a file that replaces none; by default the umask's.
  ///   - progress: receives the bytes written so far; an error that it throws ends the work.
  /// - Throws: `StorageError`, `CompressionError`, or what `progress` throws.
  /// - Precondition: the processor has the file's instruction set.
  public mutating func decompress(
    _ file: CompressedFile, to path: String, permissions: FilePermissions? = nil,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    precondition(processor.kernels.instructionSet == file.instructionSet)
    guard file.model == modelDigest else { throw CompressionError.otherModel(file: file.name) }
    let probe = CodingProbe.digest(model, predictor: &predictor, kernels: processor.kernels)
    guard file.probe == probe else { throw CompressionError.otherArithmetic(file: file.name) }
    try FileWriter.replace(path: path, permissions: permissions) { writer in
      var hasher = SHA256Hasher()
      try file.withChoices { choices in
        try decode(choices, of: file, to: &writer, &hasher, progress: progress)
      }
      guard hasher.finalize().bytes.starts(with: file.originalDigest) else {
        throw CompressionError.damaged(file: file.name)
      }
    }
  }

  private static let blockByteCount = 1 << 14

  private mutating func decode(
    _ choices: UnsafeRawBufferPointer, of file: CompressedFile, to writer: inout FileWriter,
    _ hasher: inout SHA256Hasher, progress: (Int) throws -> Void
  ) throws {
    var decoder = ArithmeticDecoder(choices)
    var state = RecurrentState(model.weights.configuration)
    var token = Vocabulary.endOfText
    var logits: [Float] = []
    var block: [UInt8] = []
    var byteCount = 0
    while byteCount < file.originalByteCount {
      predictor.advance([token], state: &state, logits: &logits)
      guard let next = decodeUnit(&decoder, logits) else {
        throw CompressionError.damaged(file: file.name)
      }
      token = next
      let before = block.count
      for byte in unit {
        if file.hasCarriageReturns, byte == LineEnds.lineFeed {
          block.append(LineEnds.carriageReturn)
        }
        block.append(byte)
      }
      byteCount += block.count - before
      if block.count >= Self.blockByteCount || byteCount >= file.originalByteCount {
        try block.withUnsafeBytes { bytes in
          hasher.update(bytes)
          try writer.write(bytes)
        }
        block.removeAll(keepingCapacity: true)
        try progress(byteCount)
      }
    }
    guard decoder.isAtEnd, byteCount == file.originalByteCount else {
      throw CompressionError.damaged(file: file.name)
    }
  }

  /// Reads a token and stores its bytes, at least one, in `unit`.
  /// - Returns: nil if no compressor wrote such choices.
  private mutating func decodeUnit(
    _ decoder: inout ArithmeticDecoder, _ logits: [Float]
  ) -> TokenID? {
    let kernels = processor.kernels
    guard logits.withUnsafeBufferPointer({ intervals.update($0, kernels: kernels) }) else {
      return nil
    }
    let bounds = intervals.bounds
    let choice = bounds.withUnsafeBufferPointer { bounds in
      decoder.decode(among: bounds.count - 1) { bounds[$0] }
    }
    unit.removeAll(keepingCapacity: true)
    guard let token = choice.map({ TokenID($0) }) else { return nil }
    if token == Vocabulary.unknown {
      guard decodeSymbols(&decoder) else { return nil }
    } else {
      model.tokenizer.withUTF8(of: token) { unit.append(contentsOf: $0) }
    }
    return unit.isEmpty ? nil : token
  }

  private mutating func decodeSymbols(_ decoder: inout ArithmeticDecoder) -> Bool {
    let spellsClusters = model.tokenizer.vocabulary.unit == .grapheme
    repeat {
      let choice = decoder.decode(among: EscapeSymbol.count) { EscapeIntervals.bound($0) }
      guard let choice else { return false }
      if spellsClusters, choice == Int(EscapeSymbol.stop) { return true }
      guard EscapeSymbol.appendBytes(of: UInt32(choice), to: &unit) else { return false }
    } while spellsClusters
    return true
  }
}
