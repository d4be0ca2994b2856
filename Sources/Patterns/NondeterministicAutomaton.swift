import Tokenization

/// The nondeterministic automaton of a pattern over the symbols of a model's tokens (Thompson 1968,
/// "Regular expression search algorithm").
///
/// Symbols are bytes if the unit is the byte, else Unicode scalars. It is built from the end of the
/// pattern to its beginning, so that the target of a part is always known.
struct NondeterministicAutomaton {
  struct Edge {
    /// The index in `sets` of the symbols.
    let set: Int
    let target: Int32
  }

  struct State {
    var edges: [Edge] = []
    /// States that can be reached without a symbol.
    var skips: [Int32] = []
  }

  private(set) var states = [State()]
  private(set) var sets: [SymbolSet] = []
  private(set) var start: Int32 = 0
  /// The accepting state; nothing follows it.
  let end: Int32 = 0

  private var numbers: [SymbolSet: Int] = [:]
  private var fragments: [SymbolSet: ByteSequences] = [:]
  /// The classes and literals that were normalized, which takes long for wide classes and for
  /// literals that are repeated often.
  private var classes: [CharacterClass: (scalars: SymbolSet, sequences: [[UInt32]])] = [:]
  private var literals: [[UInt32]: [UInt32]] = [:]
  private let text: NormalizedPattern
  private let unit: TokenUnit
  private let limits: PatternLimits
  /// The position of the outermost quantifier whose repetitions are being built.
  private var quantifierPosition: Int?

  /// - Throws: `PatternError.severalCharacters`, `.repetitionTooLarge` or `.tooLarge`.
  init(_ pattern: Pattern, tokenizer: Tokenizer) throws(PatternError) {
    text = NormalizedPattern(tokenizer)
    unit = tokenizer.configuration.unit
    limits = pattern.limits
    start = try build(pattern.syntax, to: end)
  }

  // MARK: Parts

  /// - Parameter target: the state that the part leads to.
  /// - Returns: the state where the part begins.
  private mutating func build(
    _ syntax: PatternSyntax, to target: Int32
  ) throws(PatternError) -> Int32 {
    switch syntax {
    case .empty: target
    case .literal(let scalars, _): try build(normalized(scalars), to: target)
    case .oneOf(let characters, let position):
      try build(characters, position: position, to: target)
    case .concatenation(let parts): try build(parts, to: target)
    case .alternation(let branches): try build(branches: branches, to: target)
    case .repetition(let part, let least, let most, let position):
      try build(part, least: least, most: most, position: position, to: target)
    }
  }

  /// Adjacent literals are one text, which normalization may change as a whole.
  private mutating func build(
    _ parts: [PatternSyntax], to target: Int32
  ) throws(PatternError) -> Int32 {
    var (start, literals) = (target, [[UInt32]]())
    for part in parts.reversed() {
      if case .literal(let scalars, _) = part {
        literals.append(scalars)
      } else {
        start = try build(fromLast: literals, to: start)
        literals = []
        start = try build(part, to: start)
      }
    }
    return try build(fromLast: literals, to: start)
  }

  private mutating func build(
    fromLast literals: [[UInt32]], to target: Int32
  ) throws(PatternError) -> Int32 {
    try build(normalized(Array(literals.reversed().joined())), to: target)
  }

  /// Branches that are characters are one class, `a|b` as `[ab]`.
  private mutating func build(
    branches: [PatternSyntax], to target: Int32
  ) throws(PatternError) -> Int32 {
    var (ranges, sequences) = ([ClosedRange<UInt32>](), [[UInt32]]())
    var others: [Int32] = []
    for branch in branches {
      switch branch {
      case .literal(let scalars, _):
        let literal = normalized(scalars)
        if literal.count == 1 {
          ranges.append(literal[0]...literal[0])
        } else {
          sequences.append(literal)
        }
      case .oneOf(let characters, let position):
        let (scalars, several) = try normalized(characters, position: position)
        ranges += scalars.ranges
        sequences += several
      default: others.append(try build(branch, to: target))
      }
    }
    let start = try build(SymbolSet(ranges), or: sequences, to: target)
    states[Int(start)].skips += others
    return start
  }

  private mutating func build(
    _ part: PatternSyntax, least: Int, most: Int?, position: Int, to target: Int32
  ) throws(PatternError) -> Int32 {
    let outer = quantifierPosition
    quantifierPosition = outer ?? position
    defer { quantifierPosition = outer }
    var start = target
    if let most {
      for _ in least..<most {
        let body = try build(part, to: start)
        start = try addState()
        states[Int(start)].skips = [body, target]
      }
    } else {
      start = try addState()
      let body = try build(part, to: start)
      states[Int(start)].skips = [body, target]
    }
    for _ in 0..<least {
      let before = start
      start = try build(part, to: start)
      // A part without characters; repeating it adds nothing.
      if start == before { break }
    }
    return start
  }

  private mutating func build(
    _ characters: CharacterClass, position: Int, to target: Int32
  ) throws(PatternError) -> Int32 {
    let (scalars, sequences) = try normalized(characters, position: position)
    return try build(scalars, or: sequences, to: target)
  }

  private mutating func build(
    _ scalars: SymbolSet, or sequences: [[UInt32]], to target: Int32
  ) throws(PatternError) -> Int32 {
    let isOfBytes = unit == .byte && !scalars.isEmpty
    let one = isOfBytes ? try build(bytesOf: scalars, to: target) : try addState()
    if !isOfBytes, !scalars.isEmpty { addEdge(from: one, scalars, to: target) }
    for sequence in sequences {
      let first = try build(sequence, to: target)
      states[Int(one)].skips.append(first)
    }
    return one
  }

  private mutating func normalized(
    _ characters: CharacterClass, position: Int
  ) throws(PatternError) -> (scalars: SymbolSet, sequences: [[UInt32]]) {
    if let known = classes[characters] { return known }
    let normalized = try text.characters(characters, position: position)
    classes[characters] = normalized
    return normalized
  }

  private mutating func normalized(_ literal: [UInt32]) -> [UInt32] {
    if let known = literals[literal] { return known }
    let normalized = text.scalars(literal)
    literals[literal] = normalized
    return normalized
  }

  private mutating func build(
    _ scalars: [UInt32], to target: Int32
  ) throws(PatternError) -> Int32 {
    let symbols = Self.symbols(scalars, unit: unit)
    var start = target
    for symbol in symbols.reversed() {
      let state = try addState()
      addEdge(from: state, SymbolSet(symbol), to: start)
      start = state
    }
    return start
  }

  private mutating func build(
    bytesOf set: SymbolSet, to target: Int32
  ) throws(PatternError) -> Int32 {
    let fragment = fragments[set] ?? ByteSequences(set)
    fragments[set] = fragment
    var nodeStates = [target]
    for edges in fragment.nodes.dropFirst() {
      let state = try addState()
      nodeStates.append(state)
      for edge in edges {
        addEdge(from: state, SymbolSet([edge.bytes]), to: nodeStates[edge.target])
      }
    }
    return nodeStates[fragment.start]
  }

  // MARK: States

  private mutating func addState() throws(PatternError) -> Int32 {
    guard states.count < limits.states else {
      if let quantifierPosition, limits == .ofExpressions {
        throw .repetitionTooLarge(position: quantifierPosition)
      }
      throw limits.error
    }
    states.append(State())
    return Int32(states.count - 1)
  }

  private mutating func addEdge(from state: Int32, _ set: SymbolSet, to target: Int32) {
    let number = numbers[set] ?? sets.count
    if number == sets.count {
      sets.append(set)
      numbers[set] = number
    }
    states[Int(state)].edges.append(Edge(set: number, target: target))
  }

  /// The symbols that spell scalars.
  static func symbols(_ scalars: [UInt32], unit: TokenUnit) -> [UInt32] {
    guard unit == .byte else { return scalars }
    return scalars.flatMap { UTF8.encode(Unicode.Scalar($0)!)!.map(UInt32.init) }
  }
}
