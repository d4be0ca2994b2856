import Kernels
import ModelFiles
import Storage

/// A compressed file, opened and checked for damage; its contents are not decoded yet.
///
/// | bytes | content |
/// |---|---|
/// | 4 | `8F 63 6C 6D` |
/// | 1 | the format, 1 |
/// | 1 | the instruction set by which the logits were computed: its position in `InstructionSet` |
/// | 1 | line ends: 1 if each LF represents CR LF, else 0 |
/// | 8 | the first bytes of the model's digest |
/// | 4 | the first bytes of the digest of `CodingProbe` |
/// | any | the choices of `ArithmeticEncoder` |
/// | 8 | the original's length in bytes, little-endian |
/// | 16 | the first bytes of the original's SHA-256 |
/// | 8 | the first bytes of the SHA-256 of all bytes before |
///
/// A choice is a token, with the intervals of `TokenIntervals`; an unknown token is followed by its
/// escape symbols, with the intervals of `EscapeIntervals`.
public struct CompressedFile: Sendable {
  /// The name that messages use.
  public let name: String
  /// The instructions that decompression needs.
  public let instructionSet: InstructionSet
  /// The original's length.
  public let originalByteCount: Int
  let hasCarriageReturns: Bool
  let model: [UInt8]
  let probe: [UInt8]
  let originalDigest: [UInt8]
  private let file: MappedFile

  static let format = 1
  static let signature: [UInt8] = [0x8F, 0x63, 0x6C, 0x6D]
  static let modelByteCount = 8
  static let probeByteCount = 4
  static let originalDigestByteCount = 16
  package static let checksumByteCount = 8
  package static let headerByteCount = signature.count + 3 + modelByteCount + probeByteCount
  package static let trailerByteCount = 8 + originalDigestByteCount + checksumByteCount

  /// Opens the file at `path`.
  /// - Throws: `StorageError`, or `CompressionError.notCompressed`, `.unknownFormat`, `.damaged` or
  ///   `.instructionSetUnavailable`.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    var (header, trailer): ([UInt8], [UInt8]) = ([], [])
    try file.withBytes { bytes in
      try Self.check(bytes, name: path)
      header = Array(bytes.prefix(Self.headerByteCount))
      trailer = Array(bytes.suffix(Self.trailerByteCount))
    }
    let settings = header[Self.signature.count...]
    let set = Int(settings[settings.startIndex + 1])
    let byteCount = trailer.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard InstructionSet.allCases.indices.contains(set),
      let originalByteCount = Int(exactly: byteCount)
    else { throw CompressionError.damaged(file: path) }
    instructionSet = InstructionSet.allCases[set]
    guard instructionSet.isAvailable else {
      throw CompressionError.instructionSetUnavailable(file: path, name: instructionSet.rawValue)
    }
    self.originalByteCount = originalByteCount
    self.file = file
    name = path
    hasCarriageReturns = settings[settings.startIndex + 2] != 0
    model = Array(settings.dropFirst(3).prefix(Self.modelByteCount))
    probe = header.suffix(Self.probeByteCount)
    originalDigest = Array(trailer.dropFirst(8).prefix(Self.originalDigestByteCount))
  }

  /// Rejects files that are not compressed files, or that differ from what was written.
  private static func check(_ bytes: UnsafeRawBufferPointer, name: String) throws {
    guard bytes.starts(with: signature) else {
      throw CompressionError.notCompressed(file: name)
    }
    guard bytes.count >= headerByteCount + trailerByteCount else {
      throw CompressionError.damaged(file: name)
    }
    let checked = bytes.dropLast(checksumByteCount)
    let checksum = SHA256Digest(of: UnsafeRawBufferPointer(rebasing: checked)).bytes
    // A later format may store its checksum elsewhere, so the format is checked first.
    let found = Int(bytes[signature.count])
    guard found == format else { throw CompressionError.unknownFormat(file: name, found: found) }
    guard bytes.suffix(checksumByteCount).elementsEqual(checksum.prefix(checksumByteCount)) else {
      throw CompressionError.damaged(file: name)
    }
  }

  /// Calls `body` with the bytes that the arithmetic coder wrote.
  func withChoices<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try file.withBytes { bytes in
      try body(
        UnsafeRawBufferPointer(
          rebasing: bytes[Self.headerByteCount..<bytes.count - Self.trailerByteCount]))
    }
  }
}

/// Counts and hashes the bytes of a compressed file.
struct ChecksummedWriter: ~Copyable {
  private var hasher = SHA256Hasher()
  private(set) var byteCount = 0

  mutating func write(_ bytes: [UInt8], to writer: inout FileWriter) throws {
    byteCount += bytes.count
    try bytes.withUnsafeBytes { bytes in
      hasher.update(bytes)
      try writer.write(bytes)
    }
  }

  /// Writes the checksum of all that was written.
  /// - Returns: the number of bytes, including the checksum.
  consuming func writeChecksum(to writer: inout FileWriter) throws -> Int {
    let byteCount = byteCount + CompressedFile.checksumByteCount
    let checksum = hasher.finalize().bytes.prefix(CompressedFile.checksumByteCount)
    try Array(checksum).withUnsafeBytes { try writer.write($0) }
    return byteCount
  }
}
