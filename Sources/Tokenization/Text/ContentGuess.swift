/// What a file seems to contain, by the bytes at its beginning or around its first ill-formed
/// sequence.
public enum ContentGuess: Equatable, Sendable {
  /// UTF-8 with a byte order mark, as editors on Windows write it.
  case utf8Mark
  case utf16Mark
  /// Every second byte of a UTF-16 text in a Western language is zero.
  case utf16WithoutMark
  case gzip
  case windows1252

  static let utf8MarkByteCount = 3
  private static let utf8Bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// The bytes that are looked at for zeros.
  private static let sampleByteCount = 1_024

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    let zeroCount = bytes.prefix(Self.sampleByteCount).count { $0 == 0 }
    if bytes.starts(with: Self.utf8Bytes) {
      self = .utf8Mark
    } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      self = .utf16Mark
    } else if bytes.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if bytes.count >= 8, 3 * zeroCount >= min(bytes.count, Self.sampleByteCount) {
      self = .utf16WithoutMark
    } else {
      return nil
    }
  }

  /// A single byte above 0x7F in text that is otherwise ASCII, at a place where Windows-1252 has a
  /// letter, a quote, a dash or the like.
  init?(windows1252 bytes: UnsafeBufferPointer<UInt8>, illFormedAt position: Int) {
    let unassigned: Set<UInt8> = [0x81, 0x8D, 0x8F, 0x90, 0x9D]
    let around = bytes[max(0, position - 16)..<min(bytes.count, position + 16)]
    let others = around.count { $0 >= 0x80 }
    guard around.count >= 8, others <= around.count / 4,
      around.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || (9...13).contains($0) }),
      !unassigned.contains(bytes[position])
    else { return nil }
    self = .windows1252
  }

  /// The contents in words; nil for UTF-8.
  var name: String? {
    switch self {
    case .utf8Mark: nil
    case .utf16Mark, .utf16WithoutMark: "UTF-16"
    case .gzip: "gzip"
    case .windows1252: "Windows-1252"
    }
  }

  /// The name of the encoding for iconv(1); nil for what is UTF-8 or no text.
  package var encodingName: String? {
    switch self {
    case .utf8Mark, .gzip: nil
    case .utf16Mark: "UTF-16"
    case .utf16WithoutMark: "UTF-16LE"
    case .windows1252: "WINDOWS-1252"
    }
  }
}
