import Tokenization

/// The deterministic automaton of a pattern over the tokens of a vocabulary.
final class TokenAutomaton: Sendable {
  /// A step that a token makes possible.
  struct Edge: Hashable {
    let target: Int32
    /// What the token adds to the length of a text.
    let characterCount: Int
  }

  let classes: TokenClasses
  let unit: TokenUnit
  let start: Int32
  /// Whether a text is a match, by state.
  let isAccepting: [Bool]
  /// What tokens lead to, by state, each once. States within a token have none.
  let edges: [[Edge]]
  private let steps: [Int32]

  /// - Parameter excluded: tokens that no match is to hold.
  /// - Throws: `PatternError.severalCharacters`, `.repetitionTooLarge` or `.tooLarge`.
  init(
    _ pattern: Pattern, tokenizer: Tokenizer, excluding excluded: Set<TokenID>
  ) throws(PatternError) {
    unit = tokenizer.configuration.unit
    let automaton = try NondeterministicAutomaton(pattern, tokenizer: tokenizer)
    classes = TokenClasses(automaton.sets, tokenizer: tokenizer, excluding: excluded)
    var construction = SubsetConstruction(automaton, classes)
    start = try construction.start()
    edges = try Self.explore(&construction, from: start, classes)
    isAccepting = construction.isAccepting
    steps = construction.finishedSteps
  }

  var stateCount: Int { isAccepting.count }

  /// The state behind a token of a class, `SubsetConstruction.dead` where there is none.
  func state(after state: Int32, tokenClass: Int) -> Int32 {
    var state = state
    for symbolClass in classes.spellings[tokenClass] where state >= 0 {
      state = steps[Int(state) * classes.symbolClassCount + Int(symbolClass)]
    }
    return state
  }

  /// Whether a text is a match, of which each beginning begins what tokens spell.
  func accepts(_ symbols: some Sequence<UInt32>) -> Bool {
    var state = start
    for symbol in symbols {
      guard state >= 0 else { return false }
      let symbolClass = classes.symbolClass(of: symbol)
      state = steps[Int(state) * classes.symbolClassCount + Int(symbolClass)]
    }
    return state >= 0 && isAccepting[Int(state)]
  }

  /// Takes all tokens from all states that they lead to.
  private static func explore(
    _ construction: inout SubsetConstruction, from start: Int32, _ classes: TokenClasses
  ) throws(PatternError) -> [[Edge]] {
    var edges: [Int32: [Edge]] = [:]
    var unexplored = [start]
    while let state = unexplored.popLast() {
      guard edges[state] == nil else { continue }
      var found: Set<Edge> = []
      for (spelling, count) in zip(classes.spellings, classes.characterCounts)
      where !spelling.isEmpty {
        var target = state
        for symbolClass in spelling where target >= 0 {
          target = try construction.step(from: target, by: symbolClass)
        }
        guard target >= 0 else { continue }
        if found.insert(Edge(target: target, characterCount: count)).inserted {
          unexplored.append(target)
        }
      }
      edges[state] = found.sorted { $0.target < $1.target }
    }
    return (0..<construction.stateCount).map { edges[Int32($0)] ?? [] }
  }
}
