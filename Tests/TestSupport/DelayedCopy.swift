import Kernels

/// Random symbols, blanks, a recall mark, and the same symbols again.
///
/// ```
/// c a b - - - - - - - - ? c a b
/// ```
///
/// After Hochreiter & Schmidhuber 1997, "Long short-term memory", where single symbols are
/// recalled, and the copying task of Arjovsky et al. 2016, "Unitary evolution recurrent neural
/// networks". The lag is the distance of each symbol from its copy, minus one.
package struct DelayedCopy: LongLagTask {
  /// The number of distinct symbols.
  package let alphabetSize: Int
  /// The number of symbols to copy.
  package let symbolCount: Int

  package init(alphabetSize: Int, symbolCount: Int) {
    self.alphabetSize = alphabetSize
    self.symbolCount = symbolCount
  }

  /// The symbols, the blank and the recall mark.
  package var vocabularySize: Int { alphabetSize + 2 }
  package var answers: Range<UInt16> { 0..<UInt16(alphabetSize) }

  package func sequence(lag: Int, using stream: inout RandomStream) -> LongLagSequence {
    let symbols = (0..<symbolCount).map { _ in
      UInt16(Int.random(in: 0..<alphabetSize, using: &stream))
    }
    let blanks = Array(repeating: UInt16(alphabetSize), count: max(0, lag - symbolCount))
    let tokens = symbols + blanks + [UInt16(alphabetSize + 1)] + symbols
    return LongLagSequence(
      tokens: tokens, answerPlaces: Array(tokens.indices.suffix(symbolCount)))
  }
}
