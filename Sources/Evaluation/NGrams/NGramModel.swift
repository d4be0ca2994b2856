import Glibc
import Tokenization

/// Character n-gram models of all orders up to a highest one: interpolated modified Kneser-Ney
/// smoothing.
///
/// ```swift
/// import Evaluation
///
/// var context = model.emptyContext
/// var probabilities: [Double] = []
/// for token in tokens {
///   model.advance(token, &context, probabilities: &probabilities)
///   print(probabilities[4])  // of `token`, by the 5-gram model
/// }
/// ```
///
/// The highest order of a model uses the number of occurrences of an n-gram; the lower orders use
/// the number of different tokens before it (Kneser & Ney 1995; Chen & Goodman 1998). The lowest
/// order, of single tokens, is interpolated with a uniform choice from the alphabet, so that no
/// probability is 0; after any context the probabilities of the alphabet add up to 1. An unseen
/// context is shortened.
public struct NGramModel: Sendable {
  /// The number of tokens that can occur, see `Tokenizer.alphabetSize`.
  public let alphabetSize: Int
  /// Whether `Vocabulary.endOfText` is one of them.
  package let countsEndOfText: Bool
  private let tables: [NGramTable]
  /// Totals of plain counts, for the highest order of a model; by order from 1.
  private let highest: [ContextTotals]
  /// Totals of continuation counts, for the lower orders.
  private let lower: [ContextTotals]

  /// The models of `counts`.
  public init(_ counts: NGramCounts, alphabetSize: Int) {
    tables = counts.tables
    countsEndOfText = counts.countsEndOfText
    self.alphabetSize = alphabetSize
    let tables = tables
    func totals(_ counts: KeyPath<NGramTable, [UInt32]>) -> [ContextTotals] {
      tables.indices.map { order in
        ContextTotals(
          counts: tables[order][keyPath: counts], contexts: tables[order].contexts,
          contextCount: order == 0 ? 1 : tables[order - 1].count)
      }
    }
    highest = totals(\.counts)
    lower = totals(\.continuationCounts)
  }

  /// The tokens of the longest n-grams.
  public var maximumOrder: Int { tables.count }

  /// The tokens before the next one, as far as they were seen.
  public struct Context: Sendable {
    /// By length, from 0: the number of the n-gram that the last tokens are.
    fileprivate var ngrams: [Int] = [0]
  }

  /// The context without any token.
  public var emptyContext: Context { Context() }

  /// Fills `probabilities` with those of `token` after `context`, by the models of order 1, 2 and
  /// so on, and appends `token` to `context`.
  ///
  /// `Vocabulary.endOfText` begins a document: it sets the context. Its probabilities mean
  /// something only if it was counted.
  public func advance(
    _ token: TokenID, _ context: inout Context, probabilities: inout [Double]
  ) {
    probabilities.removeAll(keepingCapacity: true)
    var next = [0]
    next.reserveCapacity(maximumOrder + 1)
    var below = 1 / Double(alphabetSize)
    for order in 0..<maximumOrder {
      guard order < context.ngrams.count else {
        // A longer model adds nothing beyond the longest seen context.
        probabilities.append(below)
        continue
      }
      let before = context.ngrams[order]
      let found = next.count == order + 1 ? tables[order].find(token, after: before) : nil
      let (count, continuationCount) =
        found.map { (tables[order].counts[$0], tables[order].continuationCounts[$0]) } ?? (0, 0)
      probabilities.append(
        highest[order].probability(count: count, after: before, lower: below))
      below = lower[order].probability(
        count: continuationCount, after: before, lower: below)
      if let found { next.append(found) }
    }
    if token == Vocabulary.endOfText { next = Array(next.prefix(2)) }
    if next.count > maximumOrder { next.removeLast() }
    context.ngrams = next
  }
}
