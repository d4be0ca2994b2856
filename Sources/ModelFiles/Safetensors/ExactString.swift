/// A text that equals only itself, byte for byte.
///
/// Swift's `String` compares canonically equivalent texts as equal, so that two tensors named "é" in one
/// and in two scalars would share one key of a dictionary; here they stay two.
struct ExactString: Hashable, Comparable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: ExactString, right: ExactString) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// The order of the UTF-8 bytes, which is the order of the scalars.
  static func < (left: ExactString, right: ExactString) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Bytes, too: `String`'s own hash would give every order of a text's combining marks the same value.
  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(UInt8.max)  // no UTF-8 text holds this byte: it ends the text
  }
}
