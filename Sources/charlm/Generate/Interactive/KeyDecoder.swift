/// Decodes a terminal's bytes to keys: UTF-8, control characters, and xterm's escape sequences
/// (ECMA-48 control sequences and the single shifts before them).
///
/// Sequences may be split anywhere, as they are over slow connections. Escapes are not resolved by
/// a timeout, so the key Escape alone waits for the next key. Unknown sequences and bytes that are
/// not UTF-8 are ignored.
package struct KeyDecoder: Sendable {
  private enum State {
    case text
    case escape
    case singleShift
    case controlSequence
    case paste
  }

  private var state = State.text
  /// The bytes of an incomplete scalar, control sequence or paste.
  private var held: [UInt8] = []

  private static let escape: UInt8 = 0x1B
  private static let endOfPaste = Array("\u{1B}[201~".utf8)

  package init() {}

  /// The keys that `bytes` complete.
  package mutating func append(_ bytes: some Sequence<UInt8>) -> [Key] {
    bytes.compactMap { append($0) }
  }

  private mutating func append(_ byte: UInt8) -> Key? {
    switch state {
    case .text: return text(byte)
    case .escape: return afterEscape(byte)
    case .singleShift:
      state = .text
      return Self.key(final: byte, parameters: "")
    case .controlSequence: return controlSequence(byte)
    case .paste: return paste(byte)
    }
  }

  private mutating func text(_ byte: UInt8) -> Key? {
    if byte < 0x80 {
      held.removeAll()
      if byte == Self.escape {
        state = .escape
        return nil
      }
      return Self.key(ascii: byte)
    }
    if byte >= 0xC0 { held.removeAll() }
    held.append(byte)
    guard let lead = held.first, lead >= 0xC0 else {
      held.removeAll()
      return nil
    }
    guard held.count == (lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4) else { return nil }
    defer { held.removeAll() }
    return String(validating: held, as: UTF8.self)?.unicodeScalars.first.map { .character($0) }
  }

  /// Alt and a key arrive as an escape and the key.
  private mutating func afterEscape(_ byte: UInt8) -> Key? {
    state = .text
    switch byte {
    case UInt8(ascii: "["): state = .controlSequence
    case UInt8(ascii: "O"): state = .singleShift
    case Self.escape: state = .escape
    case UInt8(ascii: "b"): return .wordLeft
    case UInt8(ascii: "f"): return .wordRight
    case UInt8(ascii: "d"): return .deleteWordRight
    case 0x08, 0x7F: return .deleteWordLeft
    case 0x0A, 0x0D: return .character("\n")
    case ..<0x20: return Self.key(ascii: byte)
    default: break
    }
    return nil
  }

  private mutating func controlSequence(_ byte: UInt8) -> Key? {
    guard 0x40...0x7E ~= byte else {
      // A control character or a new escape aborts the sequence.
      if byte < 0x20 {
        (state, held) = (.text, [])
        return text(byte)
      }
      held.append(byte)
      return nil
    }
    let parameters = String(decoding: held, as: UTF8.self)
    (state, held) = (.text, [])
    if byte == UInt8(ascii: "~"), parameters == "200" {
      state = .paste
      return nil
    }
    return Self.key(final: byte, parameters: parameters)
  }

  private mutating func paste(_ byte: UInt8) -> Key? {
    held.append(byte)
    guard held.suffix(Self.endOfPaste.count).elementsEqual(Self.endOfPaste) else { return nil }
    let text = String(decoding: held.dropLast(Self.endOfPaste.count), as: UTF8.self)
    (state, held) = (.text, [])
    // Terminals send the line ends of a paste like the key Enter.
    var lines = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n", lines.last == "\r" { lines.removeLast() }
      lines.append(scalar)
    }
    return .paste(String(String.UnicodeScalarView(lines.map { $0 == "\r" ? "\n" : $0 })))
  }

  private static func key(ascii byte: UInt8) -> Key? {
    switch byte {
    case 0x01: .home  // Ctrl-A
    case 0x02: .left  // Ctrl-B
    case 0x03: .interrupt
    case 0x04: .endOfInput
    case 0x05: .end  // Ctrl-E
    case 0x06: .right  // Ctrl-F
    case 0x08, 0x7F: .backspace
    case 0x09: .character("\t")
    case 0x0A, 0x0D: .enter
    case 0x0B: .deleteToEnd  // Ctrl-K
    case 0x0C: .clearScreen
    case 0x0E: .down  // Ctrl-N
    case 0x10: .up  // Ctrl-P
    case 0x15: .deleteToStart  // Ctrl-U
    case 0x17: .deleteWordLeft  // Ctrl-W
    case 0x1A: .suspend
    case ..<0x20: nil
    default: .character(Unicode.Scalar(byte))
    }
  }

  /// The key of a control sequence; the second parameter encodes Shift, Alt and Ctrl.
  private static func key(final: UInt8, parameters: String) -> Key? {
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false)
    let isModified = numbers.count > 1
    switch (final, numbers.first ?? "") {
    case (UInt8(ascii: "A"), _): return .up
    case (UInt8(ascii: "B"), _): return .down
    case (UInt8(ascii: "C"), _): return isModified ? .wordRight : .right
    case (UInt8(ascii: "D"), _): return isModified ? .wordLeft : .left
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): return .home
    case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): return .end
    case (UInt8(ascii: "~"), "3"): return isModified ? .deleteWordRight : .delete
    default: return nil
    }
  }
}

/// A key or a paste while a line is edited.
package enum Key: Equatable, Sendable {
  case character(Unicode.Scalar)
  /// Text between the marks of a terminal's bracketed paste.
  case paste(String)
  case enter
  case left, right, up, down, home, end, wordLeft, wordRight
  case backspace, delete, deleteWordLeft, deleteWordRight, deleteToStart, deleteToEnd
  /// Ctrl-C
  case interrupt
  /// Ctrl-D
  case endOfInput
  /// Ctrl-Z
  case suspend
  /// Ctrl-L
  case clearScreen
}
