/// The UTF-8 of a set of scalars, as an automaton over bytes with shared suffixes (after Cox 2010,
/// "Regular expression matching in the wild").
struct ByteSequences {
  struct Edge: Hashable {
    var bytes: ClosedRange<UInt32>
    let target: Int
  }

  /// The edges of each node; a target's edges come before its source's. Node 0 has none: a scalar
  /// ends there.
  private(set) var nodes: [[Edge]] = [[]]
  private var known: [[Edge]: Int] = [:]
  /// The node that all values follow, by the number of bytes after the first one.
  private var complete: [Int: Int] = [:]

  /// The node where all sequences begin: the last one.
  private(set) var start = 0

  private static let continuation: UInt32 = 0x80

  init(_ set: SymbolSet) {
    var edges: [Edge] = []
    for (scalars, lead, rest): (ClosedRange<UInt32>, UInt32, Int) in [
      (0...0x7F, 0, 0), (0x80...0x7FF, 0xC0, 1), (0x800...0xFFFF, 0xE0, 2),
      (0x10000...0x10FFFF, 0xF0, 3),
    ] {
      edges += self.edges(Self.part(set.ranges[...], of: scalars), lead: lead, rest: rest)
    }
    // It is always new: nothing leads to it yet.
    nodes.append(edges)
    start = nodes.count - 1
  }

  /// Edges of the next byte.
  /// - Parameters:
  ///   - values: the values of the bits of this byte and of the bytes after it.
  ///   - lead: the byte with all these bits 0.
  ///   - rest: the number of bytes after it.
  private mutating func edges(
    _ values: [ClosedRange<UInt32>], lead: UInt32, rest: Int
  ) -> [Edge] {
    guard let first = values.first, let last = values.last else { return [] }
    guard rest > 0 else {
      return values.map { Edge(bytes: lead + $0.lowerBound...lead + $0.upperBound, target: 0) }
    }
    let shift = UInt32(6 * rest)
    var edges: [Edge] = []
    var remaining = values[...]
    for bits in first.lowerBound >> shift...last.upperBound >> shift {
      let lowest = bits << shift
      let whole = lowest...lowest + (1 << shift - 1)
      while let next = remaining.first, next.upperBound < lowest { remaining.removeFirst() }
      let part = Self.part(remaining, of: whole)
      guard !part.isEmpty else { continue }
      let target =
        part == [whole]
        ? completeNode(rest: rest - 1)
        : node(part.map { $0.lowerBound - lowest...$0.upperBound - lowest }, rest: rest - 1)
      let byte = lead + bits
      if let end = edges.last, end.target == target, end.bytes.upperBound + 1 == byte {
        edges[edges.count - 1].bytes = end.bytes.lowerBound...byte
      } else {
        edges.append(Edge(bytes: byte...byte, target: target))
      }
    }
    return edges
  }

  /// The node that these values of continuation bytes follow.
  private mutating func node(_ values: [ClosedRange<UInt32>], rest: Int) -> Int {
    let edges = edges(values, lead: Self.continuation, rest: rest)
    if let node = known[edges] { return node }
    nodes.append(edges)
    known[edges] = nodes.count - 1
    return nodes.count - 1
  }

  private mutating func completeNode(rest: Int) -> Int {
    if let node = complete[rest] { return node }
    let node = node([0...(1 << UInt32(6 * (rest + 1)) - 1)], rest: rest)
    complete[rest] = node
    return node
  }

  private static func part(
    _ ranges: ArraySlice<ClosedRange<UInt32>>, of whole: ClosedRange<UInt32>
  ) -> [ClosedRange<UInt32>] {
    var part: [ClosedRange<UInt32>] = []
    for range in ranges {
      if range.lowerBound > whole.upperBound { break }
      if range.overlaps(whole) { part.append(range.clamped(to: whole)) }
    }
    return part
  }
}
