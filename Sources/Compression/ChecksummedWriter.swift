import ModelFiles
import Storage

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
