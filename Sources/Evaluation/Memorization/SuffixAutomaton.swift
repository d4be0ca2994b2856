/// The smallest automaton that accepts every suffix of a sequence of symbols, and so contains every
/// substring (Blumer et al. 1985, the directed acyclic word graph).
///
/// A state represents the substrings that end at the same positions of the sequence: each is a
/// suffix of the longest one, which has `length(of:)` symbols, and longer than `length(of: link)`.
/// State 0, the root, is the empty substring.
///
/// For n symbols there are at most 2 n states and 3 n edges, added in amortized constant time each;
/// natural text has about 1.4 n and 2 n.
struct SuffixAutomaton {
  typealias State = UInt32
  typealias Symbol = UInt32

  private struct Node {
    var length: UInt32
    var link: State
    /// The first of the state's edges, which form a linked list.
    var firstEdge: UInt32 = none
  }

  private struct Edge {
    let source: State
    let symbol: Symbol
    var target: State
    let next: UInt32
  }

  static let root: State = 0
  /// The maximum number of symbols in a sequence.
  static let maximumLength = 1 << 30
  private static let none = UInt32.max

  private var nodes = [Node(length: 0, link: none)]
  private var edges: [Edge] = []
  /// The indexes in `edges` by state and symbol: a hash table with open addressing, at most half
  /// full.
  private var table = [UInt32](repeating: none, count: 16)
  /// The number of unused bits of a hash: 64 minus the bits of an index of `table`.
  private var hashShift: UInt64 = 60
  /// The state of each prefix of the sequence, by its length minus 1.
  private(set) var prefixes: [State] = []

  /// The number of states.
  var stateCount: Int { nodes.count }

  /// The length of the longest substring of a state.
  func length(of state: State) -> UInt32 { nodes[Int(state)].length }

  /// The suffix link: the state of the longest suffix that ends at more positions.
  /// - Precondition: `state` is not the root.
  func link(of state: State) -> State { nodes[Int(state)].link }

  /// The state of a state's substrings followed by `symbol`; nil if the sequence contains none.
  @inline(__always)
  func target(of state: State, _ symbol: Symbol) -> State? {
    let edge = table[slot(state, symbol)]
    return edge == Self.none ? nil : edges[Int(edge)].target
  }

  /// Advances `match`, the longest suffix of a text that is a substring of the sequence, over the
  /// text's next `symbol`, in amortized constant time.
  @inline(__always)
  func advance(_ match: inout (state: State, length: UInt32), _ symbol: Symbol) {
    while true {
      if let target = target(of: match.state, symbol) {
        match = (target, match.length + 1)
        return
      }
      if match.state == Self.root { return }
      match.state = nodes[Int(match.state)].link
      match.length = nodes[Int(match.state)].length
    }
  }

  /// Appends a symbol to the sequence.
  /// - Precondition: it has fewer than `maximumLength` symbols.
  mutating func append(_ symbol: Symbol) {
    precondition(prefixes.count < Self.maximumLength, "the sequence is too long")
    var state = prefixes.last ?? Self.root
    let new = addState(length: length(of: state) + 1, link: Self.root)
    prefixes.append(new)
    while target(of: state, symbol) == nil {
      addEdge(from: state, symbol, to: new)
      if state == Self.root { return }
      state = link(of: state)
    }
    nodes[Int(new)].link = stateOfOneMore(than: state, symbol)
  }

  /// The states in ascending order of their lengths, the root first.
  func statesByLength() -> [State] {
    var starts = [Int](repeating: 0, count: prefixes.count + 2)
    for node in nodes { starts[Int(node.length) + 1] += 1 }
    for length in 1..<starts.count { starts[length] += starts[length - 1] }
    var states = [State](repeating: Self.root, count: nodes.count)
    for (state, node) in nodes.enumerated() {
      states[starts[Int(node.length)]] = State(state)
      starts[Int(node.length)] += 1
    }
    return states
  }

  // MARK: Building

  /// The state whose longest substring is the longest one of `state` followed by `symbol`; it is
  /// split off if the target of `symbol` has longer ones.
  private mutating func stateOfOneMore(than state: State, _ symbol: Symbol) -> State {
    let target = target(of: state, symbol)!
    let oneMore = length(of: state) + 1
    guard length(of: target) > oneMore else { return target }
    let split = addState(length: oneMore, link: link(of: target))
    var edge = nodes[Int(target)].firstEdge
    while edge != Self.none {
      addEdge(from: split, edges[Int(edge)].symbol, to: edges[Int(edge)].target)
      edge = edges[Int(edge)].next
    }
    nodes[Int(target)].link = split
    var state = state
    while true {
      let edge = Int(table[slot(state, symbol)])
      guard edges[edge].target == target else { return split }
      edges[edge].target = split
      if state == Self.root { return split }
      state = link(of: state)
    }
  }

  private mutating func addState(length: UInt32, link: State) -> State {
    nodes.append(Node(length: length, link: link))
    return State(nodes.count - 1)
  }

  private mutating func addEdge(from source: State, _ symbol: Symbol, to target: State) {
    if 2 * (edges.count + 1) > table.count { enlargeTable() }
    table[slot(source, symbol)] = UInt32(edges.count)
    edges.append(
      Edge(source: source, symbol: symbol, target: target, next: nodes[Int(source)].firstEdge))
    nodes[Int(source)].firstEdge = UInt32(edges.count - 1)
  }

  private mutating func enlargeTable() {
    table = [UInt32](repeating: Self.none, count: 2 * table.count)
    hashShift -= 1
    for (index, edge) in edges.enumerated() {
      table[slot(edge.source, edge.symbol)] = UInt32(index)
    }
  }

  /// The slot in `table` of the edge, or the free slot where it belongs: multiplicative hashing
  /// (Knuth, "The Art of Computer Programming", 6.4).
  @inline(__always)
  private func slot(_ state: State, _ symbol: Symbol) -> Int {
    let key = UInt64(state) << 32 | UInt64(symbol)
    var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> hashShift)
    while true {
      let edge = table[slot]
      if edge == Self.none { return slot }
      if edges[Int(edge)].source == state, edges[Int(edge)].symbol == symbol { return slot }
      slot = (slot + 1) & (table.count - 1)
    }
  }
}
