/// Distinct byte strings, numbered from 0 in the order of their insertion.
///
/// A look-up allocates nothing. Hashes are seeded differently in every process, so nobody can
/// choose a text that makes them collide; only speed depends on them.
struct ByteStringTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// As many as a power of two; each is empty (-1) or the number of a string. At most half are
  /// used.
  private var slots = [Int32](repeating: -1, count: 16)

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
    let found = slots[slot(of: string)]
    return found < 0 ? nil : Int(found)
  }

  /// The number of `string`, which is inserted if it is not in the table.
  mutating func insert(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    let slot = slot(of: string)
    if slots[slot] >= 0 { return Int(slots[slot]) }
    slots[slot] = Int32(count)
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
    if 2 * count > slots.count { rehash() }
    return count - 1
  }

  /// The slot of `string`, or the empty slot that it would take.
  private func slot(of string: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(string))
    let mask = slots.count - 1
    var slot = hasher.finalize() & mask
    while slots[slot] >= 0, !withString(Int(slots[slot]), { $0.elementsEqual(string) }) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func rehash() {
    slots = [Int32](repeating: -1, count: 2 * slots.count)
    for index in 0..<count {
      let slot = withString(index) { self.slot(of: $0) }
      slots[slot] = Int32(index)
    }
  }
}

extension ByteStringTable: Equatable {
  static func == (left: ByteStringTable, right: ByteStringTable) -> Bool {
    left.ends == right.ends && left.bytes == right.bytes
  }
}
