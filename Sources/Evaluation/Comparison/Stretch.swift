/// A piece of a normalized text that begins and ends between two units of every compared model.
struct Stretch: Equatable {
  var characters = 0
  /// FNV-1a of the UTF-8 (Fowler, Noll & Vo): different texts are told apart.
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func append(_ unit: ScoredUnit) {
    characters += unit.characterCount
    for byte in unit.spelling.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}
