import ModelFiles

extension TextFingerprint {
  /// Rejects `other`, given instead of this text, unless both have the same bytes.
  /// - Throws: `CheckpointError.otherText`.
  public func check(_ other: TextFingerprint) throws {
    guard other.byteCount == byteCount else {
      throw CheckpointError.otherText(
        name: "'\(other.name)'", reason: "it has \(other.byteCount) bytes instead of \(byteCount)")
    }
    guard other.digest == digest else {
      throw CheckpointError.otherText(
        name: "'\(other.name)'", reason: "it has as many bytes, but not the same")
    }
  }
}
