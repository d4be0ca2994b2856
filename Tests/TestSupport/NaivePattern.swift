/// A regular expression that matches by its derivatives (Brzozowski 1964, "Derivatives of regular
/// expressions"): no automaton and no search.
package indirect enum NaivePattern: Hashable, Sendable {
  /// Matches the empty text.
  case empty
  case oneOf(Set<Unicode.Scalar>)
  case sequence(NaivePattern, NaivePattern)
  /// Matches nothing if empty.
  case anyOf(Set<NaivePattern>)
  case repeated(NaivePattern, least: Int, most: Int?)

  private static let nothing = NaivePattern.anyOf([])

  package func matches(_ text: String) -> Bool {
    text.unicodeScalars.reduce(self) { $0.derivative(by: $1) }.isNullable
  }

  /// Whether the empty text matches.
  package var isNullable: Bool {
    switch self {
    case .empty: true
    case .oneOf: false
    case .sequence(let first, let second): first.isNullable && second.isNullable
    case .anyOf(let branches): branches.contains(where: \.isNullable)
    case .repeated(let part, let least, _): least == 0 || part.isNullable
    }
  }

  /// The derivative: matches the rest of every matching text that begins with `scalar`.
  package func derivative(by scalar: Unicode.Scalar) -> NaivePattern {
    switch self {
    case .empty: return Self.nothing
    case .oneOf(let scalars): return scalars.contains(scalar) ? .empty : Self.nothing
    case .sequence(let first, let second):
      let within = Self.joined(first.derivative(by: scalar), second)
      return first.isNullable ? Self.either(within, second.derivative(by: scalar)) : within
    case .anyOf(let branches):
      return branches.reduce(Self.nothing) { Self.either($0, $1.derivative(by: scalar)) }
    case .repeated(let part, let least, let most):
      if most == 0 { return Self.nothing }
      let rest = NaivePattern.repeated(part, least: max(0, least - 1), most: most.map { $0 - 1 })
      return Self.joined(part.derivative(by: scalar), rest)
    }
  }

  /// The lengths up to `limit` of texts of `alphabet` that match.
  package func lengths(upTo limit: Int, alphabet: [Unicode.Scalar]) -> Set<Int> {
    var known: [Question: Set<Int>] = [:]
    return lengths(upTo: limit, alphabet: alphabet, &known)
  }

  private struct Question: Hashable {
    let pattern: NaivePattern
    let limit: Int
  }

  private func lengths(
    upTo limit: Int, alphabet: [Unicode.Scalar], _ known: inout [Question: Set<Int>]
  ) -> Set<Int> {
    if limit < 0 || self == Self.nothing { return [] }
    if let lengths = known[Question(pattern: self, limit: limit)] { return lengths }
    var lengths: Set<Int> = isNullable ? [0] : []
    for scalar in alphabet {
      let rest = derivative(by: scalar).lengths(upTo: limit - 1, alphabet: alphabet, &known)
      lengths.formUnion(rest.map { $0 + 1 })
    }
    known[Question(pattern: self, limit: limit)] = lengths
    return lengths
  }

  /// Whether a repeated part matches the empty text.
  package var repeatsNothing: Bool {
    switch self {
    case .empty, .oneOf: false
    case .sequence(let first, let second): first.repeatsNothing || second.repeatsNothing
    case .anyOf(let branches): branches.contains(where: \.repeatsNothing)
    case .repeated(let part, _, _): part.isNullable || part.repeatsNothing
    }
  }

  private static func joined(_ first: NaivePattern, _ second: NaivePattern) -> NaivePattern {
    if first == nothing || second == nothing { return nothing }
    return first == .empty ? second : second == .empty ? first : .sequence(first, second)
  }

  private static func either(_ one: NaivePattern, _ other: NaivePattern) -> NaivePattern {
    let branches = [one, other].reduce(into: Set<NaivePattern>()) { branches, pattern in
      if case .anyOf(let inner) = pattern {
        branches.formUnion(inner)
      } else {
        branches.insert(pattern)
      }
    }
    return branches.count == 1 ? branches.first! : .anyOf(branches)
  }
}
