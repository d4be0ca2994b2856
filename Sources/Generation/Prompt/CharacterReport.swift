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
    // By scalars: canonically equivalent characters are distinct.
    var units: [[Unicode.Scalar]] = []
    var substitutes: [[Unicode.Scalar]: [String]] = [:]
    for (unit, substitute) in pairs {
      let scalars = Array(unit.unicodeScalars)
      if substitutes[scalars] == nil { units.append(scalars) }
      let name = substitute.map { characterName(Array($0.unicodeScalars)) }
      let known = substitutes[scalars, default: []]
      substitutes[scalars] = known + [name].compactMap { $0 }.filter { !known.contains($0) }
    }
    names = units.map { unit in
      let names = substitutes[unit]!
      return characterName(unit) + (names.isEmpty ? "" : " as \(names.joined(separator: " or "))")
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
