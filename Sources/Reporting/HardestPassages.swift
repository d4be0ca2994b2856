/// The passages with the most bits per character.
struct HardestPassages {
  /// The hardest first; among equally hard ones the earlier first.
  private(set) var passages: [Passage] = []
  private let count: Int

  /// The fewest characters of a passage worth showing, unless the text has no longer one.
  private static let leastLength = 20

  init(count: Int) {
    self.count = count
  }

  mutating func consider(_ passage: Passage) {
    guard passage.characterCount >= Self.leastLength || passages.isEmpty else { return }
    let place =
      passages.firstIndex { $0.bitsPerCharacter < passage.bitsPerCharacter } ?? passages.count
    guard place < count else { return }
    passages.insert(passage, at: place)
    if passages.count > count { passages.removeLast() }
  }
}
