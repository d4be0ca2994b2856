import Tokenization

/// The deterministic automaton of a pattern over the tokens of a vocabulary.
final class TokenAutomaton: Sendable {
  /// A step that a token makes possible.
  struct Edge: Hashable {
    let target: Int32
    /// The characters that the token adds to a text.
    let characterCount: Int
  }

  let classes: TokenClasses
  let unit: TokenUnit
  let start: Int32
  /// Whether a text is a match, by state.
  let isAccepting: [Bool]
  /// The distinct steps of each state. States within a token have none.
  let edges: [[Edge]]
  private let rows: [SubsetConstruction.Row]

  /// - Parameter excluded: tokens that no match may contain.
  /// - Throws: `PatternError.severalCharacters`, `.repetitionTooLarge` or `.tooLarge`.
  init(
    _ pattern: Pattern, tokenizer: Tokenizer, excluding excluded: Set<TokenID>
  ) throws(PatternError) {
    unit = tokenizer.configuration.unit
    let automaton = try NondeterministicAutomaton(pattern, tokenizer: tokenizer)
    classes = TokenClasses(automaton.sets, tokenizer: tokenizer, excluding: excluded)
    var construction = SubsetConstruction(automaton, classes, pattern.limits)
    start = try construction.start()
    edges = try Self.explore(&construction, from: start, SpellingTree(classes))
    isAccepting = construction.isAccepting
    rows = construction.rows
  }

  var stateCount: Int { isAccepting.count }

  /// The state after a token of a class; `SubsetConstruction.dead` if there is none.
  func state(after state: Int32, tokenClass: Int) -> Int32 {
    var state = state
    for symbolClass in classes.spellings[tokenClass] where state >= 0 {
      state = rows[Int(state)].target(of: symbolClass)
    }
    return state
  }

  /// Whether a text is a match. Each prefix of it must be a prefix of what tokens spell.
  func accepts(_ symbols: some Sequence<UInt32>) -> Bool {
    var state = start
    for symbol in symbols {
      guard state >= 0 else { return false }
      state = rows[Int(state)].target(of: classes.symbolClass(of: symbol))
    }
    return state >= 0 && isAccepting[Int(state)]
  }

  /// Follows all tokens from all states that can be reached.
  private static func explore(
    _ construction: inout SubsetConstruction, from start: Int32, _ spellings: SpellingTree
  ) throws(PatternError) -> [[Edge]] {
    var edges: [Int32: [Edge]] = [:]
    var unexplored = [start]
    while let state = unexplored.popLast() {
      guard edges[state] == nil else { continue }
      var found: Set<Edge> = []
      // Within the spelling of a token.
      var walks = [(state: state, node: spellings.root)]
      while let (state, node) = walks.popLast() {
        for (index, target) in try construction.steps(from: state, by: node.symbolClasses) {
          let child = spellings.nodes[node.children[index]]
          if let count = child.characterCount,
            found.insert(Edge(target: target, characterCount: count)).inserted
          {
            unexplored.append(target)
          }
          if !child.children.isEmpty { walks.append((target, child)) }
        }
      }
      edges[state] = found.sorted { $0.target < $1.target }
    }
    return (0..<construction.stateCount).map { edges[Int32($0)] ?? [] }
  }
}
