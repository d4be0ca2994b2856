/// A parsed regular expression.
///
/// Positions count the expression's scalars from 1.
indirect enum PatternSyntax: Sendable, Equatable {
  /// The empty text.
  case empty
  /// A character: the scalars of a grapheme cluster, to which a quantifier applies as a whole.
  case literal([UInt32], position: Int)
  /// One character of a class.
  case oneOf(CharacterClass, position: Int)
  case concatenation([PatternSyntax])
  case alternation([PatternSyntax])
  /// Unlimited if `most` is nil; the position is that of the quantifier.
  case repetition(PatternSyntax, least: Int, most: Int?, position: Int)
}

/// The characters between two brackets.
struct CharacterClass: Sendable, Hashable {
  /// Scalars that are listed, alone or as ranges.
  var listed = SymbolSet()
  /// Characters of several scalars.
  var clusters: [[UInt32]] = []
  /// The scalars of shorthands such as `\d`, which normalization does not change.
  var shorthands = SymbolSet()
  var isNegated = false
}
