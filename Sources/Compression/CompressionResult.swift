/// What compressing a file came to.
public struct CompressionResult: Sendable, Equatable {
  /// Bytes of the original.
  public var bytes: Int
  /// Bytes of the compressed file.
  public var compressedBytes: Int
  /// Tokens that were coded.
  public var tokens: Int
  /// Those of them that the vocabulary does not know, and that were spelled.
  public var unknownCharacters: Int

  /// 8 compressedBytes / bytes
  public var bitsPerByte: Double { 8 * Double(compressedBytes) / Double(bytes) }
}
