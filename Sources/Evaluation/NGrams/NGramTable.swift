import Tokenization

/// The n-grams of one order: each is a context, an n-gram of the order below, and the token after
/// it.
struct NGramTable: Sendable {
  /// The number of occurrences of each n-gram.
  var counts: [UInt32] = []
  /// The number of different tokens seen before each n-gram: its Kneser-Ney count in models of
  /// higher order.
  var continuationCounts: [UInt32] = []
  /// The context of each.
  private(set) var contexts: [UInt32] = []
  /// Open addressing with linear probing: an n-gram's number plus 1, or 0 if the slot is free.
  private var slots: [UInt32]
  private var keys: [UInt64]

  private static let smallestSize = 64

  init() {
    slots = Array(repeating: 0, count: Self.smallestSize)
    keys = Array(repeating: 0, count: Self.smallestSize)
  }

  var count: Int { contexts.count }

  /// The number of an n-gram; nil if it was not seen.
  func find(_ token: TokenID, after context: Int) -> Int? {
    let slot = slot(of: Self.key(token, context))
    return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
  }

  /// The number of an n-gram, and whether it is new.
  mutating func insert(_ token: TokenID, after context: Int) -> (index: Int, isNew: Bool) {
    let key = Self.key(token, context)
    var slot = slot(of: key)
    if slots[slot] != 0 { return (Int(slots[slot]) - 1, false) }
    if 3 * (count + 1) > 2 * slots.count {
      grow()
      slot = self.slot(of: key)
    }
    contexts.append(UInt32(context))
    counts.append(0)
    continuationCounts.append(0)
    keys[slot] = key
    slots[slot] = UInt32(count)
    return (count - 1, true)
  }

  private static func key(_ token: TokenID, _ context: Int) -> UInt64 {
    UInt64(context) << 16 | UInt64(token)
  }

  /// The slot of `key`, or the free slot where it belongs.
  private func slot(of key: UInt64) -> Int {
    // Fibonacci hashing; the size is a power of two.
    let mask = slots.count - 1
    var hash = key &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let (oldSlots, oldKeys) = (slots, keys)
    slots = Array(repeating: 0, count: 2 * oldSlots.count)
    keys = Array(repeating: 0, count: 2 * oldSlots.count)
    for (index, number) in zip(oldKeys, oldSlots) where number != 0 {
      let slot = slot(of: index)
      keys[slot] = index
      slots[slot] = number
    }
  }
}
