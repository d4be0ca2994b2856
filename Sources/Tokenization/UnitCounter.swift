/// Counts the units of normalised text.
///
/// Memory depends on how many different units there are, not on the length of the text.
struct UnitCounter: ~Copyable {
  private let unit: TokenUnit
  private var scalarCounts = ScalarTable(repeating: 0)
  /// Units of more than one scalar.
  private var clusters = ByteStringTable()
  private var clusterCounts: [Int] = []
  private var segmenter = GraphemeSegmenter()

  init(unit: TokenUnit) {
    precondition(unit != .byte, "bytes are not counted")
    self.unit = unit
  }

  /// Counts the units of `bytes`, which holds whole scalars.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    var position = 0
    if unit == .grapheme {
      while let cluster = segmenter.next(in: bytes, from: &position) { count(cluster) }
      return
    }
    while position < bytes.count {
      let (scalar, byteCount) = UTF8Coding.decode(bytes, at: position)
      scalarCounts[scalar] += 1
      position += byteCount
    }
  }

  /// Counts the last unit of a text.
  mutating func finishText() {
    if let cluster = segmenter.finish() { count(cluster) }
  }

  private mutating func count(_ cluster: GraphemeSegmenter.Cluster) {
    if cluster.scalarCount == 1 {
      scalarCounts[UTF8Coding.decode(cluster.bytes, at: 0).scalar] += 1
      return
    }
    let index = clusters.insert(cluster.bytes)
    if index == clusterCounts.count { clusterCounts.append(0) }
    clusterCounts[index] += 1
  }

  /// The units that were counted at least `minimumCount` times.
  /// - Throws: `TokenizationError.vocabularyTooLarge`.
  func vocabulary(minimumCount: Int) throws(TokenizationError) -> Vocabulary {
    var units: [[UInt8]] = []
    scalarCounts.forEach { scalar, count in
      guard count >= minimumCount else { return }
      units.append(
        Array(unsafeUninitializedCapacity: 4) {
          $1 = UTF8Coding.encode(scalar, to: $0.baseAddress!)
        })
    }
    for index in clusterCounts.indices where clusterCounts[index] >= minimumCount {
      units.append(clusters.withString(index) { Array($0) })
    }
    guard units.count <= Vocabulary.maximumUnitCount else {
      throw .vocabularyTooLarge(unitCount: units.count)
    }
    units.sort { $0.lexicographicallyPrecedes($1) }
    var table = ByteStringTable()
    for unit in units { _ = unit.withUnsafeBufferPointer { table.insert($0) } }
    return Vocabulary(unit: unit, sortedUnits: table)
  }
}
