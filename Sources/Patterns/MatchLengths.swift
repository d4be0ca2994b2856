/// The number of characters that are missing for a match, from each state of an automaton: at most
/// the room that is left, and at least the minimum length.
///
/// With d_r(q) the length of the shortest text that leads from state q to a match and has at least
/// r characters,
///
/// ```
/// d_0(q) = 0                                           if q is accepting
/// d_r(q) = min over tokens, q -> p of c characters, of c + d_max(r - c, 0)(p)
/// ```
///
/// A token has one character, or none, as all bytes of a scalar except the first.
struct MatchLengths: Sendable {
  private static let none = Int32.max
  /// [(minimumLength + 1) x states], at most 64 MiB.
  private static let greatestCount = 1 << 24

  private let stateCount: Int
  private var table: [Int32]

  /// For r from 0 to `minimumLength`.
  /// - Throws: `PatternError.tooLarge`.
  init(_ automaton: TokenAutomaton, minimumLength: Int) throws(PatternError) {
    stateCount = automaton.stateCount
    guard minimumLength < Self.greatestCount / stateCount else { throw .tooLarge }
    table = Self.shortest(automaton)
    table.reserveCapacity((minimumLength + 1) * stateCount)
    for least in 0..<minimumLength { appendRow(after: least, automaton) }
  }

  /// The fewest characters, at least `least`, that lead from a state to a match; nil if none do.
  /// - Precondition: `least` is at most the minimum length.
  func shortest(from state: Int32, atLeast least: Int) -> Int? {
    let length = table[least * stateCount + Int(state)]
    return length == Self.none ? nil : Int(length)
  }

  /// d_0, in ascending order of its values.
  private static func shortest(_ automaton: TokenAutomaton) -> [Int32] {
    var lengths = Array(repeating: none, count: automaton.stateCount)
    var sources: [[TokenAutomaton.Edge]] = Array(repeating: [], count: automaton.stateCount)
    for (state, edges) in automaton.edges.enumerated() {
      for edge in edges {
        sources[Int(edge.target)].append(
          TokenAutomaton.Edge(target: Int32(state), characterCount: edge.characterCount))
      }
    }
    var length: Int32 = 0
    var layer = automaton.isAccepting.indices.filter { automaton.isAccepting[$0] }
    for state in layer { lengths[state] = 0 }
    while !layer.isEmpty {
      var next: [Int] = []
      var index = 0
      while index < layer.count {
        for source in sources[layer[index]] where lengths[Int(source.target)] == none {
          guard source.characterCount == 0 else { continue }
          lengths[Int(source.target)] = length
          layer.append(Int(source.target))
        }
        index += 1
      }
      for state in layer {
        for source in sources[state] where lengths[Int(source.target)] == none {
          lengths[Int(source.target)] = length + 1
          next.append(Int(source.target))
        }
      }
      layer = next
      length += 1
    }
    return lengths
  }

  /// d_(least + 1).
  private mutating func appendRow(after least: Int, _ automaton: TokenAutomaton) {
    let (before, row) = (least * stateCount, (least + 1) * stateCount)
    table.append(contentsOf: repeatElement(Self.none, count: stateCount))
    for (state, edges) in automaton.edges.enumerated() {
      for edge in edges where edge.characterCount > 0 {
        let rest = table[before + Int(edge.target)]
        if rest != Self.none { table[row + state] = min(table[row + state], rest + 1) }
      }
    }
    // Tokens of no character, at most three in a row.
    var changes = true
    while changes {
      changes = false
      for (state, edges) in automaton.edges.enumerated() {
        for edge in edges where edge.characterCount == 0 {
          let rest = table[row + Int(edge.target)]
          guard rest < table[row + state] else { continue }
          table[row + state] = rest
          changes = true
        }
      }
    }
  }
}
