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
  /// The most edges that are followed, for each state that is allowed: a limit of the time. All
  /// edges of a state's members are followed for each group of symbols.
  private static let edgesPerState = 1_000

  /// The edges and skips of the nondeterministic automaton's states, one state after another, and
  /// where those of each state begin.
  private let edges: [NondeterministicAutomaton.Edge]
  private let edgeStarts: [Int]
  private let skips: [Int32]
  private let skipStarts: [Int]
  private let automatonStart: Int32
  private let end: Int32
  private let classes: TokenClasses
  private let limits: PatternLimits
  private var subsets: [[Int32]] = []
  private var numbers: [[Int32]: Int32] = [:]
  private var total = 0
  private var edgeCount = 0
  /// For each class of symbols, the first one that leads to the same state from `groupedState`.
  private var groups: [UInt16] = []
  private var groupedState = dead
  /// For each state of the nondeterministic automaton, the last search that reached it.
  private var visits: [Int]
  private var visit = 0
  private var stack: [Int32] = []
  /// [states x symbolClassCount]; `dead` if a state has no step.
  private(set) var steps: [Int32] = []

  init(_ automaton: NondeterministicAutomaton, _ classes: TokenClasses, _ limits: PatternLimits) {
    self.limits = limits
    self.classes = classes
    let states = automaton.states
    edges = states.flatMap(\.edges)
    edgeStarts = states.reduce(into: [0]) { $0.append($0.last! + $1.edges.count) }
    skips = states.flatMap(\.skips)
    skipStarts = states.reduce(into: [0]) { $0.append($0.last! + $1.skips.count) }
    (automatonStart, end) = (automaton.start, automaton.end)
    visits = Array(repeating: 0, count: states.count)
  }

  var stateCount: Int { subsets.count }
  /// Whether a text is a match, by state.
  var isAccepting: [Bool] { subsets.map { $0.contains(end) } }
  /// The steps; steps that were never taken lead nowhere.
  var finishedSteps: [Int32] { steps.map { max($0, Self.dead) } }

  /// - Throws: `PatternError.tooLarge`.
  mutating func start() throws(PatternError) -> Int32 { try state(of: [automatonStart]) }

  /// The state after a symbol.
  /// - Throws: `PatternError.tooLarge`.
  mutating func step(from state: Int32, by symbolClass: UInt16) throws(PatternError) -> Int32 {
    let row = Int(state) * classes.symbolClassCount
    if steps[row + Int(symbolClass)] != Self.unexplored { return steps[row + Int(symbolClass)] }
    if groupedState != state { group(from: state) }
    let first = groups[Int(symbolClass)]
    if steps[row + Int(first)] == Self.unexplored {
      var targets: [Int32] = []
      for member in subsets[Int(state)] {
        let range = edgeRange(of: member)
        edgeCount += range.count
        for index in range where classes.isMember(first, ofSet: edges[index].set) {
          targets.append(edges[index].target)
        }
      }
      steps[row + Int(first)] = try self.state(of: targets)
    }
    steps[row + Int(symbolClass)] = steps[row + Int(first)]
    return steps[row + Int(symbolClass)]
  }

  /// Finds the classes of symbols that are in the same sets, of those that lead on from a state.
  private mutating func group(from state: Int32) {
    groupedState = state
    groups = Array(repeating: 0, count: classes.symbolClassCount)
    var sets: Set<Int> = []
    for member in subsets[Int(state)] {
      for index in edgeRange(of: member) { sets.insert(edges[index].set) }
    }
    for set in sets {
      edgeCount += groups.count
      var others: [UInt16: UInt16] = [:]
      for symbolClass in groups.indices.map(UInt16.init) {
        let first = groups[Int(symbolClass)]
        guard
          classes.isMember(symbolClass, ofSet: set) != classes.isMember(first, ofSet: set)
        else { continue }
        let other = others[first] ?? symbolClass
        others[first] = other
        groups[Int(symbolClass)] = other
      }
    }
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
    total += subset.count + classes.symbolClassCount
    guard subsets.count < limits.subsets, total <= Self.totalPerState * limits.subsets else {
      throw limits.error
    }
    let number = Int32(subsets.count)
    numbers[subset] = number
    subsets.append(subset)
    steps.append(
      contentsOf: repeatElement(Self.unexplored, count: classes.symbolClassCount))
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
}
