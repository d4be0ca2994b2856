import Tokenization

/// Characters of a text that a vocabulary does not know, described so that a terminal can show them: no control,
/// format or combining character appears as itself.
public struct CharacterReport: Sendable, Equatable, CustomStringConvertible {
  /// How many there are, every occurrence counted.
  public let count: Int
  /// The different ones in order of first appearance, as `CharacterName` describes them, with what is read in
  /// their place, if anything is.
  public let names: [String]

  /// The most names in a description.
  private static let longestList = 8

  /// Characters that became the unknown token.
  init(_ unknowns: [UnknownUnit]) {
    self.init(unknowns.map { ($0.spelling, nil) })
  }

  /// Characters, and what is read in place of each.
  init(_ pairs: [(unit: String, substitute: String?)]) {
    count = pairs.count
    var seen: Set<[Unicode.Scalar]> = []
    names = pairs.compactMap { unit, substitute in
      let scalars = Array(unit.unicodeScalars)
      guard seen.insert(scalars).inserted else { return nil }
      let name = CharacterName.of(scalars)
      return substitute.map { name + " as " + CharacterName.of(Array($0.unicodeScalars)) } ?? name
    }
  }

  /// Which: `'é' U+00E9 as 'e' U+0065, U+200D and 3 more`.
  public var list: String {
    let rest = names.count - Self.longestList
    return names.prefix(Self.longestList).joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }

  /// How many, and which: `3 characters ('é' U+00E9, U+200D)`.
  public var description: String { "\(count) character\(count == 1 ? "" : "s") (\(list))" }
}
