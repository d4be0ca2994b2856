/// Counts the units of streamed text.
///
/// Memory depends on the number of distinct units, not on the length of the text.
struct UnitCounter: ~Copyable {
  private let configuration: TokenizerConfiguration
  private var normalizer: TextNormalizer
  private var segmenter = GraphemeSegmenter()
  private var normalized = ScratchBuffer<UInt8>(capacity: 2 * TextNormalizer.blockByteCount)
  private var scalarCounts = ScalarTable(repeating: 0)
  /// Counts of ASCII that are not in `scalarCounts` yet.
  private var asciiCounts = ScratchBuffer<Int>(capacity: 128)
  /// Units of more than one scalar.
  private var clusters = ByteStringTable()
  private var clusterCounts: [Int] = []

  init(_ configuration: TokenizerConfiguration) {
    precondition(configuration.unit != .byte, "bytes are not counted")
    self.configuration = configuration
    normalizer = TextNormalizer(configuration)
    for _ in 0..<128 { asciiCounts.append(0) }
  }

  /// Counts the units of the next chunk of the text; a unit may wait for what follows.
  mutating func append(_ utf8: UnsafeRawBufferPointer) {
    let bytes = utf8.assumingMemoryBound(to: UInt8.self)
    for block in TextNormalizer.blocks(of: bytes) {
      normalizer.append(block, to: &normalized)
      countNormalized()
    }
  }

  /// Counts what was held back at the end of a text.
  mutating func finishText() {
    normalizer.finish(to: &normalized)
    countNormalized()
    if let cluster = segmenter.finish() { count(cluster) }
    for scalar in 0..<128 where asciiCounts.base[scalar] > 0 {
      scalarCounts[UInt32(scalar)] += asciiCounts.base[scalar]
      asciiCounts.base[scalar] = 0
    }
  }

  private mutating func countNormalized() {
    let bytes = normalized.elements
    var position = 0
    if configuration.unit == .grapheme {
      while let cluster = segmenter.next(in: bytes, from: &position) { count(cluster) }
    }
    while position < bytes.count {
      if bytes[position] < 0x80 {
        asciiCounts.base[Int(bytes[position])] += 1
        position += 1
        continue
      }
      let (scalar, byteCount) = UTF8Coding.decode(bytes, at: position)
      scalarCounts[scalar] += 1
      position += byteCount
    }
    normalized.removeAll()
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

  /// The units that were counted at least `minimumCount` times, in ascending order of their bytes.
  /// A line feed is none of them if it always separates documents.
  func units() -> [[UInt8]] {
    let minimumCount = configuration.minimumCount
    var units: [[UInt8]] = []
    scalarCounts.forEach { scalar, count in
      guard count >= minimumCount else { return }
      if scalar == DocumentSplitter.lineFeed, configuration.documents == .lines { return }
      units.append(
        Array(unsafeUninitializedCapacity: 4) {
          $1 = UTF8Coding.encode(scalar, to: $0.baseAddress!)
        })
    }
    for index in clusterCounts.indices where clusterCounts[index] >= minimumCount {
      units.append(clusters.withString(index) { Array($0) })
    }
    return units.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The vocabulary of these units.
  /// - Throws: `TokenizationError.vocabularyTooLarge`.
  func vocabulary() throws(TokenizationError) -> Vocabulary {
    let units = units()
    guard units.count <= Vocabulary.maximumUnitCount else {
      throw .vocabularyTooLarge(unitCount: units.count)
    }
    var table = ByteStringTable()
    for unit in units { _ = unit.withUnsafeBufferPointer { table.insert($0) } }
    return Vocabulary(unit: configuration.unit, wellFormedUnits: table)
  }
}
