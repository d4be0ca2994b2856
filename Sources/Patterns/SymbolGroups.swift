/// The classes of symbols in the sets of a state's edges, grouped by the sets that they are in. All
/// classes of a group lead to the same states.
///
/// It is filled for one state after another: `begin`, `add` for each edge, `split`.
struct SymbolGroups {
  /// In ascending order.
  private(set) var classes: [UInt16] = []
  /// The edges and the members of sets that were looked at, as a measure of time.
  private(set) var effort = 0

  private let members: [[UInt16]]
  /// The sets of the edges, and the targets of each.
  private var sets: [Int] = []
  private var setTargets: [[Int32]] = []
  /// By set, the index in `sets`; -1 if it is in no edge.
  private var setIndices: [Int]
  /// By class, the index in `groups`; 0 if it is in none.
  private var groupNumbers: [Int]
  private var groups: [Group] = []

  private struct Group {
    /// The indices in `sets`.
    var sets: [Int] = []
    /// The index in `classes` of the first class.
    var first = -1
    /// The last set that split this group, and the group of those that are in the set, too.
    var splittingSet = -1
    var inside = 0
  }

  init(_ classes: TokenClasses) {
    members = classes.members
    setIndices = Array(repeating: -1, count: members.count)
    groupNumbers = Array(repeating: 0, count: classes.symbolClassCount)
  }

  mutating func begin() {
    for set in sets { setIndices[set] = -1 }
    for symbolClass in classes { groupNumbers[Int(symbolClass)] = 0 }
    sets = []
    setTargets = []
    classes = []
    groups = [Group()]
    effort = 0
  }

  mutating func add(_ edge: NondeterministicAutomaton.Edge) {
    effort += 1
    if setIndices[edge.set] < 0 {
      setIndices[edge.set] = sets.count
      sets.append(edge.set)
      setTargets.append([])
    }
    setTargets[setIndices[edge.set]].append(edge.target)
  }

  /// Splits the groups by one set after another.
  mutating func split() {
    for (index, set) in sets.enumerated() {
      effort += members[set].count
      for symbolClass in members[set] {
        let number = groupNumbers[Int(symbolClass)]
        if number == 0 { classes.append(symbolClass) }
        if groups[number].splittingSet != index {
          groups[number].splittingSet = index
          groups[number].inside = groups.count
          groups.append(Group(sets: groups[number].sets + [index]))
        }
        groupNumbers[Int(symbolClass)] = groups[number].inside
      }
    }
    classes.sort()
    for (index, symbolClass) in classes.enumerated() {
      let number = groupNumbers[Int(symbolClass)]
      if groups[number].first < 0 { groups[number].first = index }
    }
  }

  /// The index of the first class that is in the same group.
  func firstIndex(ofGroupAt index: Int) -> Int { groups[number(at: index)].first }

  /// The states that a class leads to, by its index in `classes`.
  func targets(at index: Int) -> [Int32] {
    groups[number(at: index)].sets.flatMap { setTargets[$0] }
  }

  private func number(at index: Int) -> Int { groupNumbers[Int(classes[index])] }
}
