import ModelFiles
import Tokenization

/// What tells a text that a run was trained on from any other one.
public struct TextFingerprint: Sendable, Codable, Equatable {
  /// What the command line called it.
  public var name: String
  public var byteCount: Int
  /// SHA-256 of its bytes, in hexadecimal digits.
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

  /// Refuses `other`, which was given in place of this text, unless both have the same bytes.
  /// - Throws: `CheckpointError.otherText`.
  public func check(_ other: TextFingerprint) throws {
    guard other.byteCount == byteCount else {
      throw CheckpointError.otherText(
        name: "'\(other.name)'", reason: "it has \(other.byteCount) bytes in place of \(byteCount)")
    }
    guard other.digest == digest else {
      throw CheckpointError.otherText(
        name: "'\(other.name)'", reason: "it has as many bytes, but not the same")
    }
  }
}
