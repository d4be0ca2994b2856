import ModelFiles
import Storage
import Tokenization

/// The properties of a file that must be known before it is compressed, and that are compared
/// afterwards.
struct OriginalFile: Equatable {
  var byteCount = 0
  var digest: [UInt8] = []
  /// Whether CR and LF occur only together, as in a text from Windows.
  var endsLinesWithCRLF = false

  /// - Throws: `StorageError`.
  init(_ source: TextSource) throws {
    var hasher = SHA256Hasher()
    var (pairCount, returnCount, feedCount) = (0, 0, 0)
    var previous: UInt8 = 0
    var byteCount = 0
    try source.forEachPiece { bytes in
      hasher.update(bytes)
      byteCount += bytes.count
      for byte in bytes {
        if byte == LineEnds.carriageReturn { returnCount += 1 }
        if byte == LineEnds.lineFeed {
          feedCount += 1
          if previous == LineEnds.carriageReturn { pairCount += 1 }
        }
        previous = byte
      }
    }
    self.byteCount = byteCount
    digest = Array(hasher.finalize().bytes.prefix(CompressedFile.originalDigestByteCount))
    endsLinesWithCRLF = pairCount > 0 && pairCount == returnCount && pairCount == feedCount
  }
}

/// The bytes that end lines.
enum LineEnds {
  static let carriageReturn: UInt8 = 0x0D
  static let lineFeed: UInt8 = 0x0A
}
