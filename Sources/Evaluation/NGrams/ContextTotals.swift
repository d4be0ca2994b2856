/// The sums of the counts of all tokens that follow a context.
struct ContextTotal: Sendable {
  /// The sum of all counts.
  var total: UInt32 = 0
  /// The number of different tokens with counts of 1, 2, and 3 or more.
  var once: UInt16 = 0
  var twice: UInt16 = 0
  var often: UInt16 = 0

  mutating func add(_ count: UInt32) {
    guard count > 0 else { return }
    total += count
    switch count {
    case 1: once += 1
    case 2: twice += 1
    default: often += 1
    }
  }

  /// The mass that `discounts` take from the counts.
  func discounted(_ discounts: Discounts) -> Double {
    Double(once) * discounts.values[0] + Double(twice) * discounts.values[1]
      + Double(often) * discounts.values[2]
  }
}

/// The totals of all contexts of one length, and their discounts.
struct ContextTotals: Sendable {
  private let totals: [ContextTotal]
  private let discounts: Discounts

  /// - Parameters:
  ///   - counts: of each n-gram.
  ///   - contexts: of each n-gram, below `contextCount`.
  init(counts: [UInt32], contexts: [UInt32], contextCount: Int) {
    var totals = [ContextTotal](repeating: ContextTotal(), count: contextCount)
    for (count, context) in zip(counts, contexts) { totals[Int(context)].add(count) }
    self.totals = totals
    discounts = Discounts(counts)
  }

  /// The probability of a token.
  /// - Parameters:
  ///   - count: of the token after the context.
  ///   - lower: the token's probability in the model of the order below.
  ///
  ///
  /// ```
  /// p(w | c) = (max(0, count(c w) - D) + (mass that D takes from c) * lower) / total(c)
  /// ```
  func probability(count: UInt32, after context: Int, lower: Double) -> Double {
    let total = totals[context]
    guard total.total > 0 else { return lower }
    let own = count == 0 ? 0 : Double(count) - discounts[count]
    return (own + total.discounted(discounts) * lower) / Double(total.total)
  }
}
