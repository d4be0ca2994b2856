/// The passages with the most bits per character, of however many.
struct HardestPassages {
  /// The hardest first; of equally hard ones the earlier.
  private(set) var passages: [Passage] = []
  private let count: Int

  /// The fewest characters that make a passage worth showing, but for a text that has no more.
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
