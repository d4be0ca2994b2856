import Kernels

/// A synthetic text to tokenize: the same bytes on every machine.
package enum SyntheticText: String, CaseIterable, Sendable {
  /// Words of letters, digits and punctuation, each character one byte.
  case ascii
  /// Ideographs and full-width punctuation, three bytes each.
  case chinese
  /// Random words of eleven scripts. One script has marks that need normalization checks, and one
  /// word in twenty is in decomposed form.
  case mixed

  /// At least `byteCount` bytes of UTF-8.
  package func bytes(count byteCount: Int) -> [UInt8] {
    var stream = RandomStream(seed: 1, purpose: 4)
    var text = ""
    text.reserveCapacity(byteCount + 256)
    while text.utf8.count < byteCount {
      switch self {
      case .ascii: Self.appendWord(of: Self.latin, to: &text, &stream)
      case .chinese: Self.appendPhrase(to: &text, &stream)
      case .mixed: Self.appendMixedWord(to: &text, &stream)
      }
    }
    return Array(text.utf8)
  }

  private static let latin: [ClosedRange<UInt32>] = [0x61...0x7A]
  private static let ideographs: ClosedRange<UInt32> = 0x4E00...0x9FA5
  /// Latin, Latin with accents, Greek, Cyrillic, Hebrew, Devanagari, Thai, kana, Hangul, emoji.
  private static let scripts: [[ClosedRange<UInt32>]] = [
    latin, [0x61...0x7A, 0xE0...0xF6], [0x3B1...0x3C9], [0x430...0x44F], [0x5D0...0x5EA],
    [0x905...0x939, 0x93E...0x94D], [0xE01...0xE2E], [0x3041...0x3093], [0xAC00...0xD7A3],
    [0x1F600...0x1F64F],
  ]

  private static func appendWord(
    of ranges: [ClosedRange<UInt32>], to text: inout String, _ stream: inout RandomStream
  ) {
    for _ in 0..<2 + Int(stream.next() % 8) {
      let range = ranges[Int(stream.next() % UInt64(ranges.count))]
      append(scalar(of: range, skewed: false, &stream), to: &text)
    }
    appendSpace(to: &text, &stream)
  }

  private static func appendSpace(to text: inout String, _ stream: inout RandomStream) {
    switch stream.next() % 16 {
    case 0: text += ".\n"
    case 1: text += ", "
    case 2: text += " 17 "
    default: text += " "
    }
  }

  private static func appendPhrase(to text: inout String, _ stream: inout RandomStream) {
    for _ in 0..<4 + Int(stream.next() % 12) {
      append(scalar(of: ideographs, skewed: true, &stream), to: &text)
    }
    text += stream.next() % 4 == 0 ? "。\n" : "，"
  }

  private static func appendMixedWord(to text: inout String, _ stream: inout RandomStream) {
    if stream.next() % 20 == 0 {
      text += "de\u{301}ja\u{300} "
      return
    }
    let index = Int(stream.next() % UInt64(scripts.count + 1))
    if index == scripts.count {
      appendPhrase(to: &text, &stream)
    } else {
      appendWord(of: scripts[index], to: &text, &stream)
    }
  }

  /// Draws from the range. If skewed, half of the draws are from its first eighth, as a language
  /// prefers its frequent signs.
  private static func scalar(
    of range: ClosedRange<UInt32>, skewed: Bool, _ stream: inout RandomStream
  ) -> Unicode.Scalar {
    let share = stream.nextUniform()
    let position = skewed ? share * share * share : share
    return Unicode.Scalar(range.lowerBound + UInt32(position * Double(range.count)))!
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    text.unicodeScalars.append(scalar)
  }
}
