/// Makes an automaton deterministic: its states are the sets of states that the nondeterministic
/// one can be in (Rabin & Scott 1959, "Finite automata and their decision problems").
///
/// States are created when they are reached, so that only those exist that the tokens lead to.
struct SubsetConstruction {
  /// The empty set: the text cannot become a match.
  static let dead: Int32 = -1
  private static let unexplored: Int32 = -2

  /// The most members of all states and steps together, for each state that is allowed.
  private static let totalPerState = 200
  /// The most edges that are followed, for each state that is allowed: a limit of the time.
  private static let edgesPerState = 1_000

  /// The steps of a state by the classes of symbols that are in the sets of its edges. No other
  /// class leads anywhere.
  struct Row {
    /// In ascending order.
    fileprivate var classes: [UInt16] = []
    /// `unexplored` until a token needs the step.
    fileprivate var targets: [Int32] = []
    /// Whether the classes have been found.
    fileprivate var isKnown = false

    /// The state after a symbol; `dead` if there is none, or if no token needed the step.
    func target(of symbolClass: UInt16) -> Int32 {
      let index = classes.firstSortedIndex { $0 >= symbolClass }
      guard index < classes.count, classes[index] == symbolClass else {
        return SubsetConstruction.dead
      }
      return max(targets[index], SubsetConstruction.dead)
    }
  }

  /// The edges and skips of the nondeterministic automaton's states, one state after another, and
  /// where those of each state begin.
  private let edges: [NondeterministicAutomaton.Edge]
  private let edgeStarts: [Int]
  private let skips: [Int32]
  private let skipStarts: [Int]
  private let automatonStart: Int32
  private let end: Int32
  private let limits: PatternLimits
  private var subsets: [[Int32]] = []
  private var numbers: [[Int32]: Int32] = [:]
  /// The steps, by state.
  private(set) var rows: [Row] = []
  private var groups: SymbolGroups
  private var total = 0
  private var edgeCount = 0
  /// For each state of the nondeterministic automaton, the last search that reached it.
  private var visits: [Int]
  private var visit = 0
  private var stack: [Int32] = []

  init(_ automaton: NondeterministicAutomaton, _ classes: TokenClasses, _ limits: PatternLimits) {
    self.limits = limits
    let states = automaton.states
    edges = states.flatMap(\.edges)
    edgeStarts = states.reduce(into: [0]) { $0.append($0.last! + $1.edges.count) }
    skips = states.flatMap(\.skips)
    skipStarts = states.reduce(into: [0]) { $0.append($0.last! + $1.skips.count) }
    (automatonStart, end) = (automaton.start, automaton.end)
    visits = Array(repeating: 0, count: states.count)
    groups = SymbolGroups(classes)
  }

  var stateCount: Int { subsets.count }
  /// Whether a text is a match, by state.
  var isAccepting: [Bool] { subsets.map { $0.contains(end) } }

  /// - Throws: `PatternError.tooLarge`.
  mutating func start() throws(PatternError) -> Int32 { try state(of: [automatonStart]) }

  /// The states after a symbol.
  /// - Parameter symbolClasses: the symbols' classes, in ascending order.
  /// - Returns: for each symbol that leads on, its index in `symbolClasses` and the state.
  /// - Throws: `PatternError.tooLarge`.
  mutating func steps(
    from state: Int32, by symbolClasses: [UInt16]
  ) throws(PatternError) -> [(index: Int, target: Int32)] {
    var isGrouped = false
    if !rows[Int(state)].isKnown {
      group(from: state)
      isGrouped = true
      rows[Int(state)].classes = groups.classes
      rows[Int(state)].targets = groups.classes.map { _ in Self.unexplored }
      rows[Int(state)].isKnown = true
      total += groups.classes.count
    }
    var found: [(index: Int, target: Int32)] = []
    for (column, index) in Self.common(rows[Int(state)].classes, symbolClasses) {
      if rows[Int(state)].targets[column] == Self.unexplored {
        if !isGrouped { group(from: state) }
        isGrouped = true
        let first = groups.firstIndex(ofGroupAt: column)
        if rows[Int(state)].targets[first] == Self.unexplored {
          let targets = groups.targets(at: column)
          edgeCount += targets.count
          rows[Int(state)].targets[first] = try self.state(of: targets)
        }
        rows[Int(state)].targets[column] = rows[Int(state)].targets[first]
      }
      let target = rows[Int(state)].targets[column]
      if target != Self.dead { found.append((index, target)) }
    }
    return found
  }

  private mutating func group(from state: Int32) {
    groups.begin()
    for member in subsets[Int(state)] {
      for edge in edges[edgeRange(of: member)] { groups.add(edge) }
    }
    groups.split()
    edgeCount += groups.effort
  }

  private func edgeRange(of member: Int32) -> Range<Int> {
    edgeStarts[Int(member)]..<edgeStarts[Int(member) + 1]
  }

  /// The state of everything that can be reached from some states without a symbol.
  private mutating func state(of beginnings: [Int32]) throws(PatternError) -> Int32 {
    let subset = closure(beginnings)
    guard edgeCount <= Self.edgesPerState * limits.subsets else { throw limits.error }
    if subset.isEmpty { return Self.dead }
    if let number = numbers[subset] { return number }
    total += subset.count
    guard subsets.count < limits.subsets, total <= Self.totalPerState * limits.subsets else {
      throw limits.error
    }
    let number = Int32(subsets.count)
    numbers[subset] = number
    subsets.append(subset)
    rows.append(Row())
    return number
  }

  /// The closure in ascending order, without states that only lead on.
  private mutating func closure(_ beginnings: [Int32]) -> [Int32] {
    visit += 1
    stack.append(contentsOf: beginnings)
    var subset: [Int32] = []
    while let state = stack.popLast() {
      guard visits[Int(state)] != visit else { continue }
      visits[Int(state)] = visit
      if state == end || !edgeRange(of: state).isEmpty { subset.append(state) }
      let range = skipStarts[Int(state)]..<skipStarts[Int(state) + 1]
      edgeCount += range.count
      for index in range { stack.append(skips[index]) }
    }
    return subset.sorted()
  }

  /// The indices of the numbers that two ascending lists share, in time that depends on the
  /// shorter one: a state of one letter is asked for all letters.
  private static func common(_ first: [UInt16], _ second: [UInt16]) -> [(Int, Int)] {
    if first.count > second.count { return common(second, first).map { ($1, $0) } }
    var (pairs, rest) = ([(Int, Int)](), second[...])
    for (index, number) in first.enumerated() {
      rest = rest[rest.firstSortedIndex { $0 >= number }...]
      if rest.first == number { pairs.append((index, rest.startIndex)) }
    }
    return pairs
  }
}
