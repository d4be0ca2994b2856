/// The most states of a pattern's automata.
struct PatternLimits: Sendable, Equatable {
  /// Of the nondeterministic automaton; a pattern that needs more, such as `(.{1000}){1000}`, is a
  /// mistake.
  let states: Int
  /// Of the deterministic automaton; a pattern that needs more, such as `.*x.{50}`, is a mistake.
  let subsets: Int
  /// The error if there are more.
  let error: PatternError

  static let ofExpressions = PatternLimits(states: 100_000, subsets: 20_000, error: .tooLarge)
  /// The words of many books.
  static let ofWordLists = PatternLimits(
    states: 1_000_000, subsets: 200_000, error: .tooManyWords)
}
