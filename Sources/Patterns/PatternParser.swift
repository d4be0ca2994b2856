import Tokenization

/// Parses a regular expression by recursive descent.
struct PatternParser {
  private let scalars: [Unicode.Scalar]
  /// The number of scalars that were read.
  private var offset = 0
  private var depth = 0

  /// The deepest nesting of groups; each takes some of the stack.
  private static let greatestDepth = 200
  /// The most scalars of a grapheme cluster; a longer one counts as several.
  private static let longestCluster = 64

  init(_ expression: String) {
    scalars = Array(expression.unicodeScalars)
  }

  /// - Throws: `PatternError`.
  mutating func parse() throws(PatternError) -> PatternSyntax {
    _ = take("^")
    let syntax = try alternation()
    guard next == nil else { throw .unopenedGroup(position: position) }
    return syntax
  }

  // MARK: Scalars

  private var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }
  /// The position of the next scalar, from 1.
  private var position: Int { offset + 1 }

  /// Reads the next scalar if it is `scalar`, and returns whether it was.
  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    offset += 1
    return true
  }

  /// A character: the grapheme cluster that begins here. Signs of the syntax are never part of one.
  private mutating func cluster() -> [UInt32] {
    let rest = scalars[offset...].prefix(Self.longestCluster)
    // All signs are ASCII.
    let run = rest.prefix(1) + rest.dropFirst().prefix { $0.value >= 0x80 }
    let text = String(String.UnicodeScalarView(run))
    let count = GraphemeBuffer.clusters(of: text)[0].unicodeScalars.count
    offset += count
    return run.prefix(count).map(\.value)
  }

  // MARK: Expressions

  private mutating func alternation() throws(PatternError) -> PatternSyntax {
    var branches = [try concatenation()]
    while take("|") { branches.append(try concatenation()) }
    return branches.count == 1 ? branches[0] : .alternation(branches)
  }

  private mutating func concatenation() throws(PatternError) -> PatternSyntax {
    var parts: [PatternSyntax] = []
    while let next, next != "|", next != ")" { parts.append(try repetition()) }
    return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .concatenation(parts)
  }

  private mutating func repetition() throws(PatternError) -> PatternSyntax {
    let atom = try atom()
    let start = position
    guard let (least, most) = try quantifier() else { return atom }
    switch next {
    case "?", "+": throw .lazyQuantifier(position: position)
    case "*", "{": throw .nothingToRepeat(position: position)
    default: return .repetition(atom, least: least, most: most, position: start)
    }
  }

  private mutating func atom() throws(PatternError) -> PatternSyntax {
    let position = position
    switch next {
    case "(": return try group()
    case "[": return .oneOf(try characterClass(), position: position)
    case ".":
      offset += 1
      return .oneOf(CharacterClass(shorthands: .inLine), position: position)
    case "\\":
      switch try escape() {
      case .literal(let scalars): return .literal(scalars, position: position)
      case .shorthand(let set):
        return .oneOf(CharacterClass(shorthands: set), position: position)
      }
    case "*", "+", "?", "{": throw .nothingToRepeat(position: position)
    case "$" where depth == 0 && position == scalars.count:
      offset += 1
      return .empty
    case "^", "$": throw .anchorInside(position: position)
    default: return .literal(cluster(), position: position)
    }
  }

  private mutating func group() throws(PatternError) -> PatternSyntax {
    let start = position
    offset += 1
    if take("?"), !take(":") { throw .unsupportedGroup(position: start) }
    depth += 1
    guard depth <= Self.greatestDepth else { throw .groupsTooDeep(position: start) }
    let inner = try alternation()
    guard take(")") else { throw .unclosedGroup(position: start) }
    depth -= 1
    return inner
  }

  /// The number of repetitions of the part before; nil without a quantifier.
  private mutating func quantifier() throws(PatternError) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = position
    guard take("{") else { return nil }
    guard let least = try number(start) else { throw .malformedQuantifier(position: start) }
    var most: Int? = least
    if take(",") { most = try number(start) }
    guard take("}") else { throw .malformedQuantifier(position: start) }
    if let most, most < least { throw .reversedQuantifier(position: start) }
    return (least, most)
  }

  private mutating func number(_ start: Int) throws(PatternError) -> Int? {
    let digits = scalars[offset...].prefix { "0"..."9" ~= $0 }
    guard !digits.isEmpty else { return nil }
    offset += digits.count
    let number = Int(String(String.UnicodeScalarView(digits)))
    guard let number, number <= PatternLimits.ofExpressions.states else {
      throw .repetitionTooLarge(position: start)
    }
    return number
  }

  // MARK: Escapes

  private enum Escaped {
    case literal([UInt32])
    case shorthand(SymbolSet)
  }

  private mutating func escape() throws(PatternError) -> Escaped {
    let start = position
    offset += 1
    guard let sign = next else { throw .trailingBackslash(position: start) }
    offset += 1
    switch sign {
    case "n": return .literal([0x0A])
    case "t": return .literal([0x09])
    case "r": return .literal([0x0D])
    case "f": return .literal([0x0C])
    case "v": return .literal([0x0B])
    case "x": return .literal([try hexadecimal(2...2, start)])
    case "u":
      guard take("{") else { return .literal([try hexadecimal(4...4, start)]) }
      let scalar = try hexadecimal(1...8, start)
      guard take("}") else { throw .malformedEscape(position: start) }
      return .literal([scalar])
    case "d": return .shorthand(.digits)
    case "D": return .shorthand(SymbolSet.digits.complement)
    case "w": return .shorthand(.words)
    case "W": return .shorthand(SymbolSet.words.complement)
    case "s": return .shorthand(.spaces)
    case "S": return .shorthand(SymbolSet.spaces.complement)
    case "1"..."9": throw .backReference(position: start)
    case "0", "a"..."z", "A"..."Z": throw .unsupportedEscape(sign, position: start)
    default: return .literal([sign.value])
    }
  }

  private mutating func hexadecimal(
    _ counts: ClosedRange<Int>, _ start: Int
  ) throws(PatternError) -> UInt32 {
    let digits = scalars[offset...].prefix(counts.upperBound).prefix {
      "0"..."9" ~= $0 || "a"..."f" ~= $0 || "A"..."F" ~= $0
    }
    offset += digits.count
    guard counts ~= digits.count,
      let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
      Unicode.Scalar(value) != nil
    else { throw .malformedEscape(position: start) }
    return value
  }

  // MARK: Classes

  private mutating func characterClass() throws(PatternError) -> CharacterClass {
    let start = position
    offset += 1
    var result = CharacterClass()
    var (listed, shorthands): ([ClosedRange<UInt32>], Set<SymbolSet>) = ([], [])
    result.isNegated = take("^")
    if next == "]" { throw .emptyClass(position: start) }
    while !take("]") {
      guard next != nil else { throw .unclosedClass(position: start) }
      let first = position
      let member = try classMember()
      let isRange =
        next == "-" && offset + 1 < scalars.count && scalars[offset + 1] != "]"
      if isRange {
        offset += 1
        let last = position
        let low = try Self.bound(member, first)
        let high = try Self.bound(try classMember(), last)
        guard low <= high else { throw .reversedRange(position: first) }
        listed += SymbolSet(scalars: low...high).ranges
      } else {
        switch member {
        case .literal(let scalars) where scalars.count == 1:
          listed.append(scalars[0]...scalars[0])
        case .literal(let scalars): result.clusters.append(scalars)
        case .shorthand(let set): shorthands.insert(set)
        }
      }
    }
    result.listed = SymbolSet(listed)
    result.shorthands = SymbolSet(shorthands.flatMap(\.ranges))
    return result
  }

  private mutating func classMember() throws(PatternError) -> Escaped {
    if next == "[" { throw .bracketInClass(position: position) }
    return next == "\\" ? try escape() : .literal(cluster())
  }

  private static func bound(_ member: Escaped, _ position: Int) throws(PatternError) -> UInt32 {
    guard case .literal(let scalars) = member, scalars.count == 1 else {
      throw .rangeBound(position: position)
    }
    return scalars[0]
  }
}
