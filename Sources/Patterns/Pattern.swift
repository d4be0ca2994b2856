/// A regular expression that a whole text is to match.
///
/// ```swift
/// let date = try Pattern(#"\d{1,2} (May|June) \d{4}"#)
/// let criteria = StoppingCriteria(length: 40, pattern: date)
/// ```
///
/// | written | matches |
/// |---|---|
/// | `a`, `é`, `☃` | itself |
/// | `\.` `\\` `\*` | the sign behind the backslash |
/// | `\n` `\t` `\r` `\f` `\v` `\x41` `\u{1F600}` `\u00E9` | a line feed, a tab, ..., a scalar by its number |
/// | `.` | any character but a line feed and a carriage return |
/// | `\d` `\w` `\s` | a decimal digit, a character of words, white space, of any script |
/// | `\D` `\W` `\S` | any other character |
/// | `[a-z_é\d]` | one of these |
/// | `[^a-z]` | one that is none of these |
/// | `xy`, `x\|y`, `(x)`, `(?:x)` | one after the other, one of both, a group |
/// | `x?` `x*` `x+` `x{3}` `x{3,}` `x{3,5}` | so many times |
/// | `^` at the beginning, `$` at the end | nothing: the whole text is meant anyway |
///
/// A character is a Unicode scalar, whatever the tokens are, but for what is written as itself: a quantifier behind
/// a grapheme cluster of several scalars applies to all of it. What repeats is neither greedy nor lazy; the model
/// decides how often it does. There are no references to groups, no assertions and no flags.
public struct Pattern: Sendable, Equatable {
  let syntax: PatternSyntax

  /// - Throws: `PatternError`, for what is no such expression.
  public init(_ expression: String) throws(PatternError) {
    var parser = PatternParser(expression)
    syntax = try parser.parse()
  }
}
