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

  private let automaton: NondeterministicAutomaton
  private let classes: TokenClasses
  private let limits: PatternLimits
  private var subsets: [[Int32]] = []
  private var numbers: [[Int32]: Int32] = [:]
  private var total = 0
  /// For each state of the nondeterministic automaton, the last search that reached it.
  private var visits: [Int]
  private var visit = 0
  private var stack: [Int32] = []
  /// [states x symbolClassCount]; `dead` if a state has no step.
  private(set) var steps: [Int32] = []

  init(_ automaton: NondeterministicAutomaton, _ classes: TokenClasses, _ limits: PatternLimits) {
    self.limits = limits
    self.automaton = automaton
    self.classes = classes
    visits = Array(repeating: 0, count: automaton.states.count)
  }

  var stateCount: Int { subsets.count }
  /// Whether a text is a match, by state.
  var isAccepting: [Bool] { subsets.map { $0.contains(automaton.end) } }
  /// The steps; steps that were never taken lead nowhere.
  var finishedSteps: [Int32] { steps.map { max($0, Self.dead) } }

  /// - Throws: `PatternError.tooLarge`.
  mutating func start() throws(PatternError) -> Int32 { try state(of: [automaton.start]) }

  /// The state after a symbol.
  /// - Throws: `PatternError.tooLarge`.
  mutating func step(from state: Int32, by symbolClass: UInt16) throws(PatternError) -> Int32 {
    let index = Int(state) * classes.symbolClassCount + Int(symbolClass)
    if steps[index] != Self.unexplored { return steps[index] }
    var targets: [Int32] = []
    for member in subsets[Int(state)] {
      for edge in automaton.states[Int(member)].edges
      where classes.isMember(symbolClass, ofSet: edge.set) {
        targets.append(edge.target)
      }
    }
    let next = try self.state(of: targets)
    steps[index] = next
    return next
  }

  /// The state of everything that can be reached from some states without a symbol.
  private mutating func state(of beginnings: [Int32]) throws(PatternError) -> Int32 {
    let subset = closure(beginnings)
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
      if state == automaton.end || !automaton.states[Int(state)].edges.isEmpty {
        subset.append(state)
      }
      stack.append(contentsOf: automaton.states[Int(state)].skips)
    }
    return subset.sorted()
  }
}
