import Tokenization

/// How often which n-grams of tokens stand in texts, for all orders up to a highest one.
///
/// ```swift
/// var counts = NGramCounts(maximumOrder: 5)
/// counts.append([Vocabulary.endOfText] + tokenizer.encode("one fish, two fish").ids)
/// let model = NGramModel(counts, alphabetSize: tokenizer.vocabularySize - 1)
/// ```
///
/// Memory is some 60 bytes for each different n-gram.
public struct NGramCounts: Sendable {
  /// By order, from 1.
  private(set) var tables: [NGramTable]
  /// The n-grams that end with the last token, by order from 0, as far as the text goes back.
  private var recent: [Int] = [0]

  /// Nothing counted yet.
  /// - Precondition: `maximumOrder` is at least 1.
  public init(maximumOrder: Int) {
    precondition(maximumOrder >= 1, "a unigram is the least")
    tables = Array(repeating: NGramTable(), count: maximumOrder)
  }

  public var maximumOrder: Int { tables.count }

  /// How many different n-grams of all orders there are.
  public var count: Int { tables.reduce(0) { $0 + $1.count } }

  /// Counts on. `Vocabulary.endOfText` begins a text: nothing before it is remembered, and it is no event, only
  /// something to come after.
  public mutating func append(_ tokens: some Sequence<TokenID>) {
    for token in tokens {
      if token == Vocabulary.endOfText {
        recent = [0, tables[0].insert(token, after: 0).index]
      } else {
        append(token)
      }
    }
  }

  private mutating func append(_ token: TokenID) {
    var next = [0]
    next.reserveCapacity(maximumOrder + 1)
    for (order, context) in recent.enumerated() where order < maximumOrder {
      let (index, isNew) = tables[order].insert(token, after: context)
      tables[order].counts[index] += 1
      if isNew, order > 0 { tables[order - 1].continuationCounts[next[order]] += 1 }
      next.append(index)
    }
    // The begin of a text has nothing before it: each occurrence counts for itself.
    if recent.count <= maximumOrder {
      tables[recent.count - 1].continuationCounts[next[recent.count]] += 1
    }
    recent = next
  }
}
