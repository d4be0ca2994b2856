import Tokenization

/// Describes the characters of a text that a vocabulary does not know.
///
/// A terminal can show the description: no control, format or combining character appears as
/// itself.
public struct CharacterReport: Sendable, Equatable, CustomStringConvertible {
  /// The number of characters, every occurrence counted.
  public let count: Int
  /// The different characters in order of first appearance, as `characterName` describes them, each
  /// with its substitute, if it has one.
  public let names: [String]

  /// The maximum number of names in a description.
  private static let longestList = 8

  /// Characters that became the unknown token.
  init(_ unknowns: [UnknownUnit]) {
    self.init(unknowns.map { ($0.spelling, nil) })
  }

  /// Characters and their substitutes.
  init(_ pairs: [(unit: String, substitute: String?)]) {
    count = pairs.count
    var seen: Set<[Unicode.Scalar]> = []
    names = pairs.compactMap { unit, substitute in
      let scalars = Array(unit.unicodeScalars)
      guard seen.insert(scalars).inserted else { return nil }
      let name = characterName(scalars)
      return substitute.map { name + " as " + characterName(Array($0.unicodeScalars)) } ?? name
    }
  }

  /// The names: `'é' U+00E9 as 'e' U+0065, U+200D and 3 more`.
  public var list: String {
    let rest = names.count - Self.longestList
    return names.prefix(Self.longestList).joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }

  /// The number and the names: `3 characters ('é' U+00E9, U+200D)`.
  public var description: String { "\(count) character\(count == 1 ? "" : "s") (\(list))" }
}
