/// Distinct byte strings, numbered from 0 in the order of their insertion.
///
/// A look-up allocates nothing. Hashes are seeded differently in every process, so nobody can
/// choose a text that makes them collide; only speed depends on them.
struct ByteStringTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// The slots, a power of two; each is empty (-1) or the number of a string. At most half are
  /// used.
  private var places = [Int32](repeating: -1, count: 16)

  /// The number of strings.
  var count: Int { ends.count }

  /// Calls `body` with the string of this number.
  @inline(__always)
  func withString<Result>(
    _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    let start = index == 0 ? 0 : ends[index - 1]
    let end = ends[index]
    return try bytes.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[start..<end]))
    }
  }

  /// The number of `string`; nil if it is not in the table.
  func index(of string: UnsafeBufferPointer<UInt8>) -> Int? {
    let found = places[place(of: string)]
    return found < 0 ? nil : Int(found)
  }

  /// The number of `string`, which is inserted if it is not in the table.
  mutating func insert(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    let place = place(of: string)
    if places[place] >= 0 { return Int(places[place]) }
    places[place] = Int32(count)
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
    if 2 * count > places.count { rehash() }
    return count - 1
  }

  /// The slot of `string`, or the empty slot that it would take.
  private func place(of string: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(string))
    let mask = places.count - 1
    var place = hasher.finalize() & mask
    while places[place] >= 0, !withString(Int(places[place]), { $0.elementsEqual(string) }) {
      place = (place + 1) & mask
    }
    return place
  }

  private mutating func rehash() {
    places = [Int32](repeating: -1, count: 2 * places.count)
    for index in 0..<count {
      let place = withString(index) { self.place(of: $0) }
      places[place] = Int32(index)
    }
  }
}

extension ByteStringTable: Equatable {
  static func == (left: ByteStringTable, right: ByteStringTable) -> Bool {
    left.ends == right.ends && left.bytes == right.bytes
  }
}
