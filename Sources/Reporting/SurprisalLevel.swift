/// The surprisal of a character in eight levels for display.
package struct SurprisalLevel: Sendable, Comparable {
  /// 0 for an expected character, up to `count - 1`.
  package let rank: Int

  /// The bits at which the next rank begins.
  package static let bounds: [Double] = [1, 2, 3, 4, 6, 8, 11]
  package static let count = bounds.count + 1
  package static let all = (0..<count).map { SurprisalLevel(rank: $0) }

  /// - Parameter bits: of one character.
  package init(bits: Double) {
    rank = Self.bounds.firstIndex { bits < $0 } ?? Self.bounds.count
  }

  private init(rank: Int) {
    self.rank = rank
  }

  package static func < (level: SurprisalLevel, other: SurprisalLevel) -> Bool {
    level.rank < other.rank
  }

  /// For a legend: `<1`, `1-2`, `11+`.
  package var range: String {
    switch rank {
    case 0: "<\(Int(Self.bounds[0]))"
    case Self.bounds.count: "\(Int(Self.bounds[rank - 1]))+"
    default: "\(Int(Self.bounds[rank - 1]))-\(Int(Self.bounds[rank]))"
    }
  }
}
