import Kernels

/// The embedded Reber grammar: the second symbol and the last but one are the same, T or P, and
/// between them are strings of Reber's grammar, which contain both.
///
/// ```
/// depth 1   B (T | P) [BTXSE BPVVE ...] (the same T | P) E
/// depth 2   B (T | P) B (T | P) [...] (the second T | P) E (the first T | P) E
/// ```
///
/// Hochreiter & Schmidhuber 1997, "Long short-term memory", experiment 1; grammar of Reber 1967. In
/// the paper one string is embedded once. Here as many strings as fill the lag are embedded, one
/// after the other, and the result may be embedded again: an Elman RNN may by chance hold one bit,
/// in a unit that saturates, but not several.
package struct EmbeddedReberGrammar: LongLagTask {
  /// The symbols in the order of their tokens.
  private enum Symbol: UInt16, CaseIterable {
    case begin, t, p, s, x, v, end
  }

  package let vocabularySize = Symbol.allCases.count
  package let answers = Symbol.t.rawValue..<Symbol.p.rawValue + 1

  /// The two edges out of each state after the first; both are equally likely.
  private static let transitions: [[(symbol: Symbol, state: Int)]] = [
    [(.t, 1), (.p, 2)],
    [(.s, 1), (.x, 3)],
    [(.t, 2), (.v, 4)],
    [(.x, 2), (.s, 5)],
    [(.p, 3), (.v, 5)],
  ]

  /// How often strings are embedded: the number of bits to remember.
  package let depth: Int

  package init(depth: Int) {
    self.depth = depth
  }

  package func sequence(lag: Int, using stream: inout RandomStream) -> LongLagSequence {
    let choices: [Symbol] = (0..<depth).map { _ in Bool.random(using: &stream) ? .t : .p }
    var symbols = choices.flatMap { [.begin, $0] }
    let first = symbols.count
    while symbols.count - first < lag { symbols += string(using: &stream) }
    let answerPlaces = (0..<depth).map { symbols.count + 2 * $0 }
    symbols += choices.reversed().flatMap { [$0, .end] }
    return LongLagSequence(tokens: symbols.map(\.rawValue), answerPlaces: answerPlaces)
  }

  /// A string of Reber's grammar.
  private func string(using stream: inout RandomStream) -> [Symbol] {
    var symbols: [Symbol] = [.begin]
    var state = 0
    while state < Self.transitions.count {
      let next = Self.transitions[state].randomElement(using: &stream)!
      symbols.append(next.symbol)
      state = next.state
    }
    return symbols + [.end]
  }
}
