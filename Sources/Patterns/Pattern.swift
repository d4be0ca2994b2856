/// A regular expression that a whole text must match.
///
/// ```swift
/// import Generation
/// import Patterns
///
/// let date = try Pattern(#"\d{1,2} (May|June) \d{4}"#)
/// let criteria = StoppingCriteria(length: 40, pattern: date)
/// ```
///
/// | written | matches |
/// |---|---|
/// | `a`, `é`, `☃` | itself |
/// | `\.` `\\` `\*` | the sign after the backslash |
/// | `\n` `\t` `\r` `\f` `\v` `\x41` `\u{1F600}` `\u00E9` | a line feed, a tab, ..., a scalar by its number |
/// | `.` | any character except a line feed and a carriage return |
/// | `\d` `\w` `\s` | a decimal digit, a word character, white space, of any script |
/// | `\D` `\W` `\S` | any other character |
/// | `[a-z_é\d]` | one of these |
/// | `[^a-z]` | a character other than these |
/// | `xy`, `x\|y`, `(x)`, `(?:x)` | one after another, one of both, a group |
/// | `x?` `x*` `x+` `x{3}` `x{3,}` `x{3,5}` | that many times |
/// | `^` at the beginning, `$` at the end | nothing: the pattern always matches the whole text |
///
/// A character is a Unicode scalar, whatever the tokens are, except for literals: a quantifier
/// after a grapheme cluster of several scalars applies to all of it. Repetition is neither greedy
/// nor lazy; the model decides how often it repeats. There are no references to groups, no
/// assertions and no flags.
public struct Pattern: Sendable, Equatable {
  let syntax: PatternSyntax
  let limits: PatternLimits

  /// - Throws: `PatternError` if it is not such an expression.
  public init(_ expression: String) throws(PatternError) {
    var parser = PatternParser(expression)
    syntax = try parser.parse()
    limits = .ofExpressions
  }

  init(_ syntax: PatternSyntax, limits: PatternLimits) {
    self.syntax = syntax
    self.limits = limits
  }
}
