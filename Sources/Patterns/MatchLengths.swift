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
  /// The most steps, of all rows: a limit of the time.
  private static let greatestStepCount = 1 << 26

  /// A step between two states.
  private struct Step {
    let source: Int32
    let target: Int32
  }

  private let stateCount: Int
  private var table: [Int32]

  /// For r from 0 to `minimumLength`.
  /// - Throws: `PatternError.tooLarge`.
  init(_ automaton: TokenAutomaton, minimumLength: Int) throws(PatternError) {
    stateCount = automaton.stateCount
    // Tokens of one character, and of none.
    var (full, empty) = ([Step](), [Step]())
    for (state, edges) in automaton.edges.enumerated() {
      for edge in edges {
        let step = Step(source: Int32(state), target: edge.target)
        if edge.characterCount > 0 { full.append(step) } else { empty.append(step) }
      }
    }
    guard minimumLength < Self.greatestCount / stateCount,
      minimumLength <= Self.greatestStepCount / max(full.count + empty.count, 1)
    else { throw .tooLarge }
    table = Self.shortest(automaton)
    table.reserveCapacity((minimumLength + 1) * stateCount)
    for least in 0..<minimumLength { appendRow(after: least, full, empty) }
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
  private mutating func appendRow(after least: Int, _ full: [Step], _ empty: [Step]) {
    let (before, row) = (least * stateCount, (least + 1) * stateCount)
    table.append(contentsOf: repeatElement(Self.none, count: stateCount))
    for step in full {
      let rest = table[before + Int(step.target)]
      guard rest != Self.none else { continue }
      let index = row + Int(step.source)
      table[index] = min(table[index], rest + 1)
    }
    // At most three in a row.
    var changes = !empty.isEmpty
    while changes {
      changes = false
      for step in empty {
        let rest = table[row + Int(step.target)]
        guard rest < table[row + Int(step.source)] else { continue }
        table[row + Int(step.source)] = rest
        changes = true
      }
    }
  }
}
