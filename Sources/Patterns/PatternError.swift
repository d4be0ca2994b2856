import Tokenization

/// Errors in a pattern, alone or for a model.
///
/// Positions count the pattern's scalars from 1.
public enum PatternError: Error, Equatable, CustomStringConvertible {
  /// A quantifier follows nothing, or another quantifier.
  case nothingToRepeat(position: Int)
  /// A quantifier is lazy or possessive.
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
  /// A group is an assertion, is named or sets flags.
  case unsupportedGroup(position: Int)
  /// Too many groups are nested.
  case groupsTooDeep(position: Int)
  /// The pattern refers to a group.
  case backReference(position: Int)
  /// A letter after a backslash has no meaning.
  case unsupportedEscape(Unicode.Scalar, position: Int)
  /// The number of a scalar is malformed.
  case malformedEscape(position: Int)
  /// The pattern ends with a backslash.
  case trailingBackslash(position: Int)
  /// `^` or `$` is not at the ends.
  case anchorInside(position: Int)
  /// A class has no end.
  case unclosedClass(position: Int)
  /// A class is empty.
  case emptyClass(position: Int)
  /// A class contains a class.
  case bracketInClass(position: Int)
  /// A range of a class begins after its end.
  case reversedRange(position: Int)
  /// A range of a class begins or ends with more than one scalar.
  case rangeBound(position: Int)
  /// A class excludes a character that is several characters in the model's text.
  case severalCharacters(position: Int)
  /// The automaton has too many states.
  case tooLarge
  /// A list of words has too many of them.
  case tooManyWords
  /// The model has no token for a character that every match contains.
  case unknownCharacter(Unicode.Scalar, position: Int)
  /// A character that every match contains is banned.
  case bannedCharacter(Unicode.Scalar, position: Int)
  /// The model has no token for any character of a class, or all are banned.
  case noCharacter(position: Int)
  /// The model's tokens, without the banned ones, spell no match.
  case noMatch
  /// No match has a length in the range.
  /// - Parameter shortest: the shortest match of at least `minimumLength`; nil if all matches are
  ///   shorter.
  case noMatchOfLength(shortest: Int?, minimumLength: Int, length: Int)

  /// The settings concerned, in the words of the description.
  public var settings: [String] {
    switch self {
    case .tooLarge: ["pattern", "minimum length"]
    case .tooManyWords: ["words", "names"]
    case .bannedCharacter: ["pattern", "ban"]
    case .noMatchOfLength(shortest: .some, _, _): ["pattern", "length"]
    case .noMatchOfLength(shortest: nil, _, _): ["pattern", "minimum length"]
    default: ["pattern"]
    }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String { "The pattern " + (syntaxFault ?? modelFault) }

  private var syntaxFault: String? {
    switch self {
    case .nothingToRepeat(let position):
      "has nothing to repeat before character \(position): put a backslash before a sign that is "
        + "meant as itself."
    case .lazyQuantifier(let position):
      "makes a repetition lazy or possessive at character \(position), which has no meaning here "
        + "because the model "
        + "decides: leave it out."
    case .malformedQuantifier(let position):
      "has a brace at character \(position) that is not {3}, {3,} or {3,5}: correct it, or write "
        + "\\{ for a brace."
    case .reversedQuantifier(let position):
      "has a minimum above its maximum in the repetition at character \(position): exchange the "
        + "numbers."
    case .repetitionTooLarge(let position):
      "repeats too much at character \(position): give smaller numbers."
    case .unclosedGroup(let position):
      "never closes the '(' at character \(position): add the ')', or write \\( for a parenthesis."
    case .unopenedGroup(let position):
      "closes a group at character \(position) that was not opened: remove the ')', or write \\) "
        + "for a parenthesis."
    case .unsupportedGroup(let position):
      "has a group of a kind that is not supported at character \(position): only (...) and "
        + "(?:...) are."
    case .groupsTooDeep(let position):
      "has too deeply nested groups at character \(position): use fewer."
    case .backReference(let position):
      "refers to a group at character \(position), which is not supported: write the group's "
        + "expression again."
    case .unsupportedEscape(let sign, let position):
      "has a \\\(sign) at character \(position), which is not supported: use "
        + "\\n \\t \\r \\f \\v \\d \\w \\s \\D \\W \\S \\x41 \\u{1F600}, and signs."
    case .malformedEscape(let position):
      "has a malformed character number after the backslash at character \(position): write "
        + "\\x41, \\u00E9 or \\u{1F600}."
    case .trailingBackslash(let position):
      "ends with the backslash at character \(position): write \\\\ for a backslash."
    case .anchorInside(let position):
      "has an anchor at character \(position): ^ may only begin and $ may only end the pattern; "
        + "write \\^ or \\$ for the sign."
    case .unclosedClass(let position):
      "never closes the '[' at character \(position): add the ']', or write \\[ for a bracket."
    case .emptyClass(let position):
      "has an empty class at character \(position): add characters, or write \\] for a bracket."
    case .bracketInClass(let position):
      "has a bracket within a class at character \(position): write \\[ for it; classes in "
        + "classes are not supported."
    case .reversedRange(let position):
      "has a range at character \(position) that begins after its end: exchange both, or write "
        + "\\- for a hyphen."
    case .rangeBound(let position):
      "has a range that begins or ends with more than a single character at character "
        + "\(position): write \\- for a hyphen."
    default: nil
    }
  }

  private var modelFault: String {
    switch self {
    case .severalCharacters(let position):
      "has a class at character \(position) that excludes a character which is several characters "
        + "in the model's text: "
        + "list the allowed characters instead."
    case .tooLarge:
      "needs an automaton of too many states: repeat less often, or lower the minimum length."
    case .tooManyWords:
      "has too many different words: give a shorter text of words."
    case .unknownCharacter(let scalar, let position):
      "needs \(characterName([scalar])) at character \(position), which is not in the model's "
        + "vocabulary: "
        + "use characters that it has."
    case .bannedCharacter(let scalar, let position):
      "needs \(characterName([scalar])) at character \(position), which is banned: drop the ban, "
        + "or change the pattern."
    case .noCharacter(let position):
      "allows at character \(position) only characters that are not in the model's vocabulary or "
        + "are "
        + "banned: allow others."
    case .noMatchOfLength(let shortest?, let minimumLength, let length):
      (minimumLength == 0
        ? "matches no text of at most \(length) characters: the shortest match has "
        : "matches no text of \(minimumLength) to \(length) characters: the shortest match of at "
          + "least the minimum has ")
        + "\(shortest), so raise the length."
    case .noMatchOfLength(nil, let minimumLength, _):
      "matches no text of at least \(minimumLength) characters: lower the minimum length."
    default:
      "matches no text that the model's characters, without the banned ones, can spell: allow "
        + "others."
    }
  }
}
