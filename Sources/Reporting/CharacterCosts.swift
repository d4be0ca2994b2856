import Evaluation
import Glibc

/// The distribution of costs: over the distinct characters, and over the sizes of costs.
struct CharacterCosts {
  struct Sum {
    var count = 0
    var bits = 0.0

    mutating func add(bits: Double) {
      count += 1
      self.bits += bits
    }
  }

  /// Bins of half a bit; the last one has everything beyond.
  private(set) var bins = [Sum](repeating: Sum(), count: binCount)
  private(set) var total = Sum()
  /// By UTF-8: canonically equivalent characters are distinct.
  private var sums: [[UInt8]: Sum] = [:]
  private var unknown = Sum()

  static let binWidth = 0.5
  static let binCount = 25

  mutating func add(_ unit: ScoredUnit) {
    let bits = unit.nats / log(2)
    total.add(bits: bits)
    bins[Self.bin(ofBits: bits)].add(bits: bits)
    if unit.isUnknown {
      unknown.add(bits: bits)
    } else {
      sums[Array(unit.spelling.utf8), default: Sum()].add(bits: bits)
    }
  }

  /// Costs beyond the last bin, infinite ones included, are in it.
  private static func bin(ofBits bits: Double) -> Int {
    let end = Double(binCount) * binWidth
    return bits < end ? Int(max(0, bits) / binWidth) : binCount - 1
  }

  /// The characters that cost most in total, the costliest first; nil represents all units outside
  /// the vocabulary.
  func costliest(_ count: Int) -> [(spelling: String?, sum: Sum)] {
    var ranked = sums.map { (spelling: String(decoding: $0, as: UTF8.self) as String?, sum: $1) }
    if unknown.count > 0 { ranked.append((nil, unknown)) }
    ranked.sort {
      ($1.sum.bits, Array(($0.spelling ?? "").utf8).description)
        < ($0.sum.bits, Array(($1.spelling ?? "").utf8).description)
    }
    return Array(ranked.prefix(count))
  }
}
