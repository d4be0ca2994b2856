import Tokenization

/// The last tokens of a text, and the number of times that each occurs among them.
public struct RecentTokens: Sendable, Equatable {
  /// The most tokens that it keeps.
  public let capacity: Int
  /// The number of occurrences of each token; tokens that do not occur are absent.
  public private(set) var counts: [TokenID: Int] = [:]
  /// A ring: once it is full, the oldest token is at `oldest`.
  private var ring: [TokenID] = []
  private var oldest = 0

  /// Creates an empty list.
  /// - Precondition: `capacity` is not negative.
  public init(capacity: Int) {
    precondition(capacity >= 0, "there cannot be fewer than no tokens")
    self.capacity = capacity
  }

  /// The tokens, the oldest first.
  public var tokens: [TokenID] { Array(ring[oldest...] + ring[..<oldest]) }

  /// Adds the next token of the text, and drops the oldest one if the list is full.
  public mutating func append(_ token: TokenID) {
    guard capacity > 0 else { return }
    counts[token, default: 0] += 1
    guard ring.count == capacity else { return ring.append(token) }
    let forgotten = ring[oldest]
    counts[forgotten]! -= 1
    if counts[forgotten] == 0 { counts[forgotten] = nil }
    ring[oldest] = token
    oldest = (oldest + 1) % capacity
  }

  /// Appends tokens, the oldest first; each replaces the oldest one once there is no room.
  public mutating func append(contentsOf tokens: some Sequence<TokenID>) {
    for token in tokens { append(token) }
  }
}
