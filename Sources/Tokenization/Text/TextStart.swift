/// What a file is by the bytes at its beginning, or around its first ill-formed sequence.
public enum TextStart: Equatable, Sendable {
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

  /// What to do with a file of such contents, in place of reading it as UTF-8; nil for UTF-8.
  func advice(file: String) -> String? {
    func convert(_ name: String) -> String {
      "convert it: iconv -f \(name) -t UTF-8 \(file) > utf8.txt"
    }
    return switch self {
    case .utf8Mark: nil
    case .utf16Mark: "is UTF-16, by its byte order mark: \(convert("UTF-16"))"
    case .utf16WithoutMark: "looks like UTF-16: \(convert("UTF-16LE"))"
    case .gzip: "is compressed with gzip: decompress it with gunzip first."
    case .windows1252: "looks like Windows-1252: \(convert("WINDOWS-1252"))"
    }
  }
}
