import Tokenization

/// What can be wrong with a pattern, alone or for a model.
///
/// Positions count the pattern's scalars from 1.
public enum PatternError: Error, Equatable, CustomStringConvertible {
  /// A quantifier stands behind nothing, or behind another one.
  case nothingToRepeat(position: Int)
  /// A quantifier is to be lazy or possessive.
  case lazyQuantifier(position: Int)
  /// A brace does not begin a quantifier.
  case malformedQuantifier(position: Int)
  /// A quantifier's least number is greater than its greatest one.
  case reversedQuantifier(position: Int)
  /// A repetition needs more states than an automaton may have.
  case repetitionTooLarge(position: Int)
  /// A group has no end.
  case unclosedGroup(position: Int)
  /// A group has no beginning.
  case unopenedGroup(position: Int)
  /// A group is more than a group: an assertion, a named one, flags.
  case unsupportedGroup(position: Int)
  /// Too many groups stand within each other.
  case groupsTooDeep(position: Int)
  /// A group is referred to.
  case backReference(position: Int)
  /// A letter behind a backslash means nothing here.
  case unsupportedEscape(Unicode.Scalar, position: Int)
  /// The number of a scalar is none.
  case malformedEscape(position: Int)
  /// A backslash stands at the end.
  case trailingBackslash(position: Int)
  /// `^` or `$` stand elsewhere than at the ends.
  case anchorInside(position: Int)
  /// A class has no end.
  case unclosedClass(position: Int)
  /// A class holds nothing.
  case emptyClass(position: Int)
  /// A class stands in a class.
  case bracketInClass(position: Int)
  /// A range of a class begins behind its end.
  case reversedRange(position: Int)
  /// A range of a class begins or ends with more than one scalar.
  case rangeBound(position: Int)
  /// A class leaves out a character that is several in the model's text.
  case severalCharacters(position: Int)
  /// The automaton has too many states.
  case tooLarge
  /// The model has no token for a character that every match holds.
  case unknownCharacter(Unicode.Scalar, position: Int)
  /// A character that every match holds is banned.
  case bannedCharacter(Unicode.Scalar, position: Int)
  /// The model has no token for any character of a class, or these are banned.
  case noCharacter(position: Int)
  /// The model's tokens, those banned left out, spell no match.
  case noMatch
  /// No match has as many characters as are wanted.
  /// - Parameter shortest: the fewest that are `minimumLength` or more; nil where all matches have fewer.
  case noMatchOfLength(shortest: Int?, minimumLength: Int, length: Int)

  /// The settings concerned, in the words of the description.
  public var settings: [String] {
    switch self {
    case .tooLarge: ["pattern", "minimum length"]
    case .bannedCharacter: ["pattern", "ban"]
    case .noMatchOfLength(shortest: .some, _, _): ["pattern", "length"]
    case .noMatchOfLength(shortest: nil, _, _): ["pattern", "minimum length"]
    default: ["pattern"]
    }
  }

  public var description: String { "The pattern " + (syntaxFault ?? modelFault) }

  private var syntaxFault: String? {
    switch self {
    case .nothingToRepeat(let position):
      "has nothing to repeat before character \(position): put a backslash before a sign that is meant as itself."
    case .lazyQuantifier(let position):
      "makes a repetition lazy or possessive at character \(position), which means nothing here, where the model "
        + "decides: leave it out."
    case .malformedQuantifier(let position):
      "has a brace at character \(position) that is no {3}, {3,} or {3,5}: mend it, or write \\{ for a brace."
    case .reversedQuantifier(let position):
      "repeats at least more often than at most at character \(position): exchange the numbers."
    case .repetitionTooLarge(let position):
      "repeats too much at character \(position): give smaller numbers."
    case .unclosedGroup(let position):
      "does not close the group of character \(position): add the ')', or write \\( for a parenthesis."
    case .unopenedGroup(let position):
      "closes a group at character \(position) that was not opened: leave the ')' out, or write \\) for a parenthesis."
    case .unsupportedGroup(let position):
      "has a group of a kind that is not supported at character \(position): only (...) and (?:...) are."
    case .groupsTooDeep(let position):
      "has too many groups within each other at character \(position): use fewer."
    case .backReference(let position):
      "refers to a group at character \(position), which is not supported: write the group's expression again."
    case .unsupportedEscape(let sign, let position):
      "has a \\\(sign) at character \(position), which is not supported: there are "
        + "\\n \\t \\r \\f \\v \\d \\w \\s \\D \\W \\S \\x41 \\u{1F600}, and signs."
    case .malformedEscape(let position):
      "has no character's number behind the backslash at character \(position): write \\x41, \\u00E9 or \\u{1F600}."
    case .trailingBackslash(let position):
      "ends with the backslash of character \(position): write \\\\ for a backslash."
    case .anchorInside(let position):
      "has an anchor at character \(position): ^ may only begin and $ only end the whole; write \\^ or \\$ for the sign."
    case .unclosedClass(let position):
      "does not close the class of character \(position): add the ']', or write \\[ for a bracket."
    case .emptyClass(let position):
      "has a class without characters at character \(position): name some, or write \\] for a bracket."
    case .bracketInClass(let position):
      "has a bracket within a class at character \(position): write \\[ for it; classes in classes are not supported."
    case .reversedRange(let position):
      "has a range at character \(position) that begins behind its end: exchange both, or write \\- for a hyphen."
    case .rangeBound(let position):
      "has a range that begins or ends with more than a single character at character \(position): write \\- for a hyphen."
    default: nil
    }
  }

  private var modelFault: String {
    switch self {
    case .severalCharacters(let position):
      "has a class at character \(position) that leaves out a character which is several in the model's text: name "
        + "what may stand there instead."
    case .tooLarge:
      "needs an automaton of too many states: repeat less often, or lower the minimum length."
    case .unknownCharacter(let scalar, let position):
      "needs \(CharacterName.of([scalar])) at character \(position), which is not in the model's vocabulary: "
        + "use characters that it has."
    case .bannedCharacter(let scalar, let position):
      "needs \(CharacterName.of([scalar])) at character \(position), which is banned: drop the ban, or change the pattern."
    case .noCharacter(let position):
      "allows at character \(position) only characters that are not in the model's vocabulary or are "
        + "banned: allow others."
    case .noMatchOfLength(let shortest?, let minimumLength, let length):
      (minimumLength == 0
        ? "matches no text of \(length) characters or fewer: the shortest has "
        : "matches no text of \(minimumLength) to \(length) characters: the shortest from there on has ")
        + "\(shortest), so raise the length."
    case .noMatchOfLength(nil, let minimumLength, _):
      "matches no text of \(minimumLength) characters or more: lower the minimum length."
    default:
      "matches no text that the model's characters, those banned left out, can spell: allow others."
    }
  }
}
