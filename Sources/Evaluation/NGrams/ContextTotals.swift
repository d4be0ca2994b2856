/// What comes after a context, summed up.
struct ContextTotal: Sendable {
  /// Of all counts.
  var total: UInt32 = 0
  /// How many different tokens have the counts 1, 2, and 3 or more.
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

  /// All that `discounts` take from the counts.
  func discounted(_ discounts: Discounts) -> Double {
    Double(once) * discounts.values[0] + Double(twice) * discounts.values[1]
      + Double(often) * discounts.values[2]
  }
}

/// The totals of all contexts of one length, and the discounts that go with them.
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

  /// The probability of a token of which the context saw `count`, and the order below thinks `lower`:
  ///
  /// ```
  /// p(w | c) = (max(0, count(c w) - D) + (all that D takes from c) * lower) / total(c)
  /// ```
  func probability(count: UInt32, after context: Int, lower: Double) -> Double {
    let total = totals[context]
    guard total.total > 0 else { return lower }
    let own = count == 0 ? 0 : Double(count) - discounts[count]
    return (own + total.discounted(discounts) * lower) / Double(total.total)
  }
}
