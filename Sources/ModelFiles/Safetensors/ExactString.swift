/// A string that equals only itself, byte for byte.
///
/// Swift's `String` treats canonically equivalent texts as equal, so that two tensors named "é" in
/// one and in two scalars would share a dictionary key. As exact strings they remain two.
struct ExactString: Hashable, Comparable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: ExactString, right: ExactString) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Compares the UTF-8 bytes, whose order is that of the scalars.
  static func < (left: ExactString, right: ExactString) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Hashes bytes, too: `String`'s own hash is the same for every order of a text's combining
  /// marks.
  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(UInt8.max)  // no UTF-8 text holds this byte: it ends the text
  }
}
