/// What a file seems to contain, by the bytes at its beginning or around its first ill-formed
/// sequence.
public enum ContentGuess: Equatable, Sendable {
  /// UTF-8 with a byte order mark, as editors on Windows write it.
  case utf8Mark
  case utf16Mark
  /// UTF-16 or UTF-32 without a byte order mark.
  case utf16LittleEndian
  case utf16BigEndian
  case utf32LittleEndian
  case utf32BigEndian
  case windows1252
  /// No text, by its control characters.
  case binary
  case format(FileFormat)

  static let utf8MarkByteCount = 3
  private static let utf8Bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    if let format = FileFormat(bytes) {
      self = .format(format)
    } else if bytes.starts(with: Self.utf8Bytes) {
      self = .utf8Mark
    } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      self = .utf16Mark
    } else if let wide = Self(withoutMark: bytes) {
      self = wide
    } else {
      return nil
    }
  }

  /// The bytes that are looked at for zeros.
  private static let sampleByteCount = 1_024
  private static let leastSampleByteCount = 8

  /// Wide code units, by the zeros among their bytes.
  ///
  /// In UTF-16, the upper bytes are zero for spaces, line feeds and all of ASCII, and nearly all of
  /// them are below 0x20 in the scripts of Europe, the Near East and South Asia. Such a text may be
  /// well-formed UTF-8.
  private init?(withoutMark bytes: UnsafeBufferPointer<UInt8>) {
    let count = min(bytes.count, Self.sampleByteCount) / 4
    guard 4 * count >= Self.leastSampleByteCount else { return nil }
    // Of the bytes at position 0, 1, 2 and 3 of four: those that are zero, and those below 0x20.
    var (zeros, controls) = (SIMD4(repeating: 0), SIMD4(repeating: 0))
    for position in 0..<4 * count {
      if bytes[position] == 0 { zeros[position % 4] += 1 }
      if bytes[position] < 0x20 { controls[position % 4] += 1 }
    }
    func isUTF16(upperByte: Int) -> Bool {
      let zeroCount = zeros[upperByte] + zeros[upperByte + 2]
      let otherCount = zeros[1 - upperByte] + zeros[3 - upperByte]
      return 32 * zeroCount >= 2 * count && zeroCount > 8 * otherCount
        && 4 * (controls[upperByte] + controls[upperByte + 2]) >= 3 * 2 * count
    }
    if zeros[3] == count, zeros[2] > 8 * zeros[0] {
      self = .utf32LittleEndian
    } else if zeros[0] == count, zeros[1] > 8 * zeros[3] {
      self = .utf32BigEndian
    } else if isUTF16(upperByte: 1) {
      self = .utf16LittleEndian
    } else if isUTF16(upperByte: 0) {
      self = .utf16BigEndian
    } else {
      return nil
    }
  }

  /// Whether the text is of another encoding even if it is well-formed UTF-8.
  var isWide: Bool {
    switch self {
    case .utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian: true
    case .utf8Mark, .utf16Mark, .windows1252, .binary, .format: false
    }
  }

  /// The content around ill-formed UTF-8; nil if it may be a text.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, illFormedAt position: Int) {
    guard let guess = Self(windows1252: bytes, illFormedAt: position) ?? Self(binary: bytes) else {
      return nil
    }
    self = guess
  }

  private static let leastBinaryByteCount = 32
  /// The control characters among the bytes of a binary file: half of those in random bytes.
  private static let leastControlShare = 0.05

  private init?(binary bytes: UnsafeBufferPointer<UInt8>) {
    let sample = bytes.prefix(Self.sampleByteCount)
    let controls = sample.count { $0 < 0x20 && !(9...13).contains($0) }
    guard sample.count >= Self.leastBinaryByteCount,
      Double(controls) >= Self.leastControlShare * Double(sample.count)
    else { return nil }
    self = .binary
  }

  /// A single byte above 0x7F in text that is otherwise ASCII, at a place where Windows-1252 has a
  /// letter, a quote, a dash or the like.
  private init?(windows1252 bytes: UnsafeBufferPointer<UInt8>, illFormedAt position: Int) {
    let unassigned: Set<UInt8> = [0x81, 0x8D, 0x8F, 0x90, 0x9D]
    let around = bytes[max(0, position - 16)..<min(bytes.count, position + 16)]
    let others = around.count { $0 >= 0x80 }
    guard around.count >= 8, others <= around.count / 4,
      around.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || (9...13).contains($0) }),
      !unassigned.contains(bytes[position])
    else { return nil }
    self = .windows1252
  }

  /// The encoding in words; nil for UTF-8 and for what is no text.
  var name: String? {
    switch self {
    case .utf8Mark, .binary, .format: nil
    case .utf16Mark, .utf16LittleEndian, .utf16BigEndian: "UTF-16"
    case .utf32LittleEndian, .utf32BigEndian: "UTF-32"
    case .windows1252: "Windows-1252"
    }
  }

  /// The name of the encoding for iconv(1); nil for what is UTF-8 or no text.
  package var encodingName: String? {
    switch self {
    case .utf8Mark, .binary, .format: nil
    case .utf16Mark: "UTF-16"
    case .utf16LittleEndian: "UTF-16LE"
    case .utf16BigEndian: "UTF-16BE"
    case .utf32LittleEndian: "UTF-32LE"
    case .utf32BigEndian: "UTF-32BE"
    case .windows1252: "WINDOWS-1252"
    }
  }
}
