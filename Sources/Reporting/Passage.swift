import Evaluation
import Glibc

/// A stretch of an evaluated text: a line, a few short lines, or a part of a long line.
struct Passage {
  /// The index of its text.
  let text: Int
  /// The line where it begins, from 1.
  let line: Int
  private(set) var units: [ScoredUnit] = []
  private(set) var characterCount = 0
  private var nats = 0.0

  init(text: Int, line: Int) {
    self.text = text
    self.line = line
  }

  var bitsPerCharacter: Double { nats / log(2) / Double(characterCount) }

  var endsLine: Bool { units.last?.spelling == "\n" }

  mutating func append(_ unit: ScoredUnit) {
    units.append(unit)
    characterCount += unit.characterCount
    nats += unit.nats
  }
}

/// Splits texts into passages: at the end of a line, if that makes it long enough, or at a space.
struct PassageCutter {
  private var open: Passage
  private var lineCount = 0

  /// The fewest characters of a passage that ends with a line.
  private static let leastLine = 60
  /// The length from which a passage ends at a space, and the length at which it ends anywhere.
  private static let (spaceLimit, limit) = (160, 200)

  /// Creates a cutter at the beginning of a text.
  init(text: Int) {
    open = Passage(text: text, line: 1)
  }

  /// The passage that `unit` completes.
  mutating func append(_ unit: ScoredUnit) -> Passage? {
    open.append(unit)
    if unit.spelling == "\n" { lineCount += 1 }
    let count = open.characterCount
    let isComplete =
      unit.spelling == "\n" && count >= Self.leastLine
      || unit.spelling == " " && count >= Self.spaceLimit || count >= Self.limit
    return isComplete ? close() : nil
  }

  /// The last passage of the text.
  mutating func finish() -> Passage? {
    open.units.isEmpty ? nil : close()
  }

  private mutating func close() -> Passage {
    defer { open = Passage(text: open.text, line: lineCount + 1) }
    return open
  }
}

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
