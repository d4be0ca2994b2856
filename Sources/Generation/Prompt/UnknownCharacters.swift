import Tokenization

/// The characters of a text that a vocabulary does not know, described so that a terminal can show
/// them: no control, format or combining character is in the description as itself.
public struct UnknownCharacters: Sendable, Equatable, CustomStringConvertible {
  /// How many there are, every occurrence counted.
  public let count: Int
  /// The different ones, each as its code points and, where it can be shown, itself, in order of
  /// first appearance.
  public let names: [String]

  init(_ unknowns: [UnknownUnit]) {
    count = unknowns.count
    var seen: Set<[Unicode.Scalar]> = []
    names = unknowns.compactMap {
      let scalars = Array($0.spelling.unicodeScalars)
      return seen.insert(scalars).inserted ? CharacterName.of(scalars) : nil
    }
  }

  /// The most names in a description.
  private static let longestList = 8

  /// How many, and which: `3 characters ('é' U+00E9, U+200D)`.
  public var description: String {
    let shown = names.prefix(Self.longestList).joined(separator: ", ")
    let rest = names.count - Self.longestList
    return "\(count) character\(count == 1 ? "" : "s") (\(shown)"
      + (rest > 0 ? " and \(rest) more)" : ")")
  }
}

/// The characters of a text in whose place a model reads others, described so that a terminal can show them.
public struct SubstitutedCharacters: Sendable, Equatable, CustomStringConvertible {
  /// How many there are, every occurrence counted.
  public let count: Int
  /// The different ones and what is read for each, as `CharacterName` has it, in order of first
  /// appearance.
  public let names: [String]

  /// The most pairs in a description.
  private static let longestList = 8

  init(_ pairs: [(unit: String, substitute: String)]) {
    count = pairs.count
    var seen: Set<[Unicode.Scalar]> = []
    names = pairs.compactMap { unit, substitute in
      let scalars = Array(unit.unicodeScalars)
      guard seen.insert(scalars).inserted else { return nil }
      return CharacterName.of(scalars) + " as "
        + CharacterName.of(Array(substitute.unicodeScalars))
    }
  }

  /// Which, and as what: `'É' U+00C9 as 'e' U+0065`.
  public var description: String {
    let rest = names.count - Self.longestList
    return names.prefix(Self.longestList).joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }
}
