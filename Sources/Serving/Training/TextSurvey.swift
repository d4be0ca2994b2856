import Tokenization

/// What a model would see of some texts, before it is trained on them.
package struct TextSurvey: Sendable, Encodable {
  package struct Character: Sendable, Encodable {
    package let character: String
    /// As in `'é' U+00E9`.
    package let name: String
    package let count: Int
  }

  package let characters: Int
  package let vocabularySize: Int
  /// Characters that occur so seldom that a model cannot learn them, the rarest first.
  package let oddCharacters: [Character]
  package let notes: [String]

  private static let seldom = 5
  private static let mostCharacters = 40
  /// Texts below this are short for a model.
  private static let short = 20_000

  package init(_ texts: [String]) {
    var counts: [Unicode.Scalar: Int] = [:]
    for text in texts {
      for scalar in text.unicodeScalars { counts[scalar, default: 0] += 1 }
    }
    characters = counts.values.reduce(0, +)
    vocabularySize = counts.count
    let odd = counts.filter { $0.value < Self.seldom || Self.isStrange($0.key) }
      .sorted { ($0.value, $0.key.value) < ($1.value, $1.key.value) }
    oddCharacters = odd.prefix(Self.mostCharacters).map {
      Character(
        character: String(Swift.Character($0.key)), name: characterName([$0.key]), count: $0.value)
    }
    var notes: [String] = []
    if characters < Self.short {
      notes.append(
        "The texts have \(characters) characters. From \(Self.short) on a model learns more than "
          + "single words; from 100,000 on it learns a style.")
    }
    if counts["\u{FFFD}", default: 0] > 0 {
      notes.append(
        "The texts contain U+FFFD in place of characters that could not be read: "
          + "save the files as UTF-8.")
    }
    self.notes = notes
  }

  /// Control and format characters, and spaces other than the usual ones.
  private static func isStrange(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar != "\n" && scalar != "\t"
    case .format, .privateUse, .unassigned: true
    case .spaceSeparator: scalar != " "
    default: false
    }
  }
}
