import Tokenization

/// A set of symbols, which are Unicode scalars or bytes.
struct SymbolSet: Sendable, Hashable {
  /// Disjoint, ascending, and not adjacent.
  private(set) var ranges: [ClosedRange<UInt32>]

  private static let scalarLimit: UInt32 = 0x110000
  private static let surrogates: ClosedRange<UInt32> = 0xD800...0xDFFF

  /// Creates the empty set.
  init() { ranges = [] }

  /// The symbols of these ranges, which may overlap.
  init(_ ranges: some Sequence<ClosedRange<UInt32>>) {
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  init(_ symbol: UInt32) { ranges = [symbol...symbol] }

  /// The scalars of a range.
  init(scalars range: ClosedRange<UInt32>) {
    self = SymbolSet([range]).complement.complement
  }

  var isEmpty: Bool { ranges.isEmpty }

  func contains(_ symbol: UInt32) -> Bool {
    let index = ranges.firstSortedIndex { $0.upperBound >= symbol }
    return index < ranges.count && ranges[index].contains(symbol)
  }

  /// The indices of those of the symbols that are in the set.
  /// - Parameter symbols: in ascending order.
  func indices(in symbols: [UInt32]) -> [Int] {
    ranges.flatMap { range in
      let first = symbols.firstSortedIndex { $0 >= range.lowerBound }
      return symbols[first...].indices.prefix { symbols[$0] <= range.upperBound }
    }
  }

  func union(_ other: SymbolSet) -> SymbolSet { SymbolSet(ranges + other.ranges) }

  func subtracting(_ other: SymbolSet) -> SymbolSet { complement.union(other).complement }

  /// All other scalars.
  var complement: SymbolSet {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in SymbolSet(ranges + [Self.surrogates]).ranges {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next < Self.scalarLimit { gaps.append(next...Self.scalarLimit - 1) }
    return SymbolSet(gaps)
  }

  // MARK: What patterns have names for

  static let digits = SymbolSet(of: .digit)
  static let words = SymbolSet(of: .word)
  static let spaces = SymbolSet(of: .space)
  /// Any scalar except a line feed and a carriage return.
  static let inLine = SymbolSet([0x0A...0x0A, 0x0D...0x0D]).complement

  private init(of kind: ScalarKind) {
    var ranges: [ClosedRange<UInt32>] = []
    var start: UInt32?
    for scalar in 0...Self.scalarLimit {
      let isMember = scalar < Self.scalarLimit && kind.contains(scalar)
      if isMember, start == nil { start = scalar }
      if !isMember, let first = start {
        ranges.append(first...scalar - 1)
        start = nil
      }
    }
    self.ranges = ranges
  }
}

extension RandomAccessCollection {
  /// The first index from which on a condition holds, by binary search; the end if it never does.
  func firstSortedIndex(where holds: (Element) -> Bool) -> Index {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = index(low, offsetBy: distance(from: low, to: high) / 2)
      if holds(self[middle]) { high = middle } else { low = index(after: middle) }
    }
    return low
  }
}
