import Tokenization

/// The counts of the n-grams in texts, for all orders up to a highest one.
///
/// ```swift
/// import Evaluation
/// import Tokenization
///
/// var counts = NGramCounts(maximumOrder: 5)
/// counts.append([Vocabulary.endOfText] + tokenizer.encode("one fish, two fish").ids)
/// let model = NGramModel(counts, alphabetSize: tokenizer.alphabetSize)
/// ```
///
/// It takes about 60 bytes for each different n-gram.
public struct NGramCounts: Sendable {
  /// By order, from 1.
  private(set) var tables: [NGramTable]
  /// Whether `Vocabulary.endOfText` is counted: it can occur in a text.
  let countsEndOfText: Bool
  /// The n-grams that end with the last token, by order from 0; only as long as the text so far.
  private var recent: [Int] = [0]

  /// Counts of no text.
  /// - Parameters:
  ///   - maximumOrder: the tokens of the longest n-grams.
  ///   - documents: what a document is in the texts.
  /// - Precondition: `maximumOrder` is at least 1.
  public init(maximumOrder: Int, documents: DocumentSeparator = .files) {
    precondition(maximumOrder >= 1, "the order must be at least 1")
    countsEndOfText = documents.splitsTexts
    tables = Array(repeating: NGramTable(), count: maximumOrder)
  }

  /// The tokens of the longest n-grams that are counted.
  public var maximumOrder: Int { tables.count }

  /// The number of different n-grams of all orders.
  public var count: Int { tables.reduce(0) { $0 + $1.count } }

  /// Counts the n-grams of further tokens. `Vocabulary.endOfText` begins a document: it clears the
  /// context, and is part of the contexts of the tokens after it. It is counted itself only if it
  /// separates documents within a text, and then not at the beginning of the first text.
  public mutating func append(_ tokens: some Sequence<TokenID>) {
    for token in tokens {
      guard token == Vocabulary.endOfText else {
        append(token)
        continue
      }
      if countsEndOfText, recent.count > 1 { append(token) }
      recent = [0, tables[0].insert(token, after: 0).index]
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
    // Nothing precedes the beginning of a text, so each occurrence counts as a continuation.
    if recent.count <= maximumOrder {
      tables[recent.count - 1].continuationCounts[next[recent.count]] += 1
    }
    recent = next
  }
}
