import Storage
import Tokenization

/// Identifies a text that a run trained on.
public struct TextFingerprint: Sendable, Codable, Equatable {
  /// The name that the user gave.
  public var name: String
  /// The bytes of the text.
  public var byteCount: Int
  /// The SHA-256 of its bytes, in hexadecimal digits.
  public var digest: String

  /// Reads all of `source`.
  /// - Throws: `StorageError`.
  public init(of source: TextSource, name: String) throws {
    var hasher = SHA256Hasher()
    var count = 0
    try source.forEachPiece { piece in
      hasher.update(piece)
      count += piece.count
    }
    self.name = name
    byteCount = count
    digest = hasher.finalize().hex
  }

  fileprivate init(name: String, byteCount: Int, digest: SHA256Digest) {
    self.name = name
    self.byteCount = byteCount
    self.digest = digest.hex
  }
}

/// Takes the fingerprint of a text while it is read for another purpose, so that it is not read
/// once more.
///
/// One reader at a time may read the text.
package final class FingerprintRecorder: @unchecked Sendable {
  private var hasher: SHA256Hasher? = SHA256Hasher()
  private var byteCount = 0

  package init() {}

  /// The same text, recorded while it is read from its beginning to its end.
  package func recording(_ source: TextSource) -> TextSource {
    source.observed { bytes in
      self.hasher!.update(bytes)
      self.byteCount += bytes.count
    }
  }

  /// The fingerprint of the text that was read.
  /// - Precondition: it is asked for once.
  package func fingerprint(name: String) -> TextFingerprint {
    guard let hasher = hasher.take() else { preconditionFailure("asked for twice") }
    return TextFingerprint(name: name, byteCount: byteCount, digest: hasher.finalize())
  }
}
