import CUTF8Proc

/// Kinds of Unicode scalars, by their general category according to utf8proc.
package enum ScalarKind: Sendable {
  /// A decimal digit of any script (Nd).
  case digit
  /// The parts of words: letters, marks, decimal digits, numbers that are letters, connecting
  /// punctuation and the two joiners. This is the `\w` of UTS #18, annex C, without the few symbols
  /// that are alphabetic.
  case word
  /// Scalars with the property White_Space.
  case space

  package func contains(_ scalar: UInt32) -> Bool {
    switch self {
    case .digit: category(of: scalar) == UTF8PROC_CATEGORY_ND
    case .word: isOfWords(scalar)
    case .space: isSpace(scalar)
    }
  }

  private func category(of scalar: UInt32) -> utf8proc_category_t {
    utf8proc_category(Int32(bitPattern: scalar))
  }

  private func isOfWords(_ scalar: UInt32) -> Bool {
    switch category(of: scalar) {
    case UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LL, UTF8PROC_CATEGORY_LT, UTF8PROC_CATEGORY_LM,
      UTF8PROC_CATEGORY_LO, UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_MC, UTF8PROC_CATEGORY_ME,
      UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NL, UTF8PROC_CATEGORY_PC:
      true
    default: scalar == 0x200C || scalar == 0x200D
    }
  }

  private func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }
}
