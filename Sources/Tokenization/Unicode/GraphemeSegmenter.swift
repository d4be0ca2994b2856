import CUTF8Proc

/// Splits streamed text into extended grapheme clusters (UAX #29, as utf8proc implements it).
///
/// Call `next` until it returns nil, then append more text or call `finish`. A cluster is complete
/// only when the scalar after it has been seen.
struct GraphemeSegmenter: ~Copyable {
  /// One cluster; the bytes are valid until the segmenter's next call.
  struct Cluster {
    let bytes: UnsafeBufferPointer<UInt8>
    let scalarCount: Int
  }

  /// The bytes of the open cluster from earlier chunks, or those of the cluster returned last.
  private var pending = ScratchBuffer<UInt8>()
  private var pendingIsDone = false
  private var scalarCount = 0
  private var previous: Int32 = 0
  private var state: Int32 = 0

  /// The next complete cluster of `bytes`, which are whole scalars, from `position`, which advances
  /// past it.
  mutating func next(
    in bytes: UnsafeBufferPointer<UInt8>, from position: inout Int
  ) -> Cluster? {
    dropDone()
    let start = position
    if scalarCount == 0, start + 1 < bytes.count,
      Self.breaksInASCII(UInt32(bytes[start]), UInt32(bytes[start + 1]))
    {
      position += 1
      return Cluster(bytes: UnsafeBufferPointer(rebasing: bytes[start..<position]), scalarCount: 1)
    }
    while position < bytes.count {
      let (value, byteCount) = UTF8Coding.decode(bytes, at: position)
      let scalar = Int32(bitPattern: value)
      if scalarCount > 0, breaks(before: scalar) {
        return close(UnsafeBufferPointer(rebasing: bytes[start..<position]))
      }
      previous = scalar
      scalarCount += 1
      position += byteCount
    }
    pending.append(UnsafeBufferPointer(rebasing: bytes[start...]))
    return nil
  }

  /// The last cluster of the text; then another text may begin.
  mutating func finish() -> Cluster? {
    dropDone()
    return scalarCount > 0 ? close(UnsafeBufferPointer(start: nil, count: 0)) : nil
  }

  /// Whether a cluster may end between `previous` and `scalar`.
  @inline(__always)
  private mutating func breaks(before scalar: Int32) -> Bool {
    if Self.breaksInASCII(UInt32(bitPattern: previous), UInt32(bitPattern: scalar)) { return true }
    if Self.isPlain(scalar), Self.isPlain(previous) { return true }
    return utf8proc_grapheme_break_stateful(previous, scalar, &state)
  }

  /// Whether both scalars are ASCII and a cluster ends between them, as it does except before a
  /// line feed.
  @inline(__always)
  private static func breaksInASCII(_ previous: UInt32, _ scalar: UInt32) -> Bool {
    previous | scalar < 0x80 && scalar != 0x0A
  }

  /// Whether the only rule that applies to the scalar is "break everywhere".
  @inline(__always)
  private static func isPlain(_ scalar: Int32) -> Bool {
    utf8proc_get_property(scalar).pointee.boundclass == UTF8PROC_BOUNDCLASS_OTHER.rawValue
  }

  @inline(__always)
  private mutating func close(_ end: UnsafeBufferPointer<UInt8>) -> Cluster {
    let count = scalarCount
    scalarCount = 0
    state = 0
    if pending.count == 0 { return Cluster(bytes: end, scalarCount: count) }
    pending.append(end)
    pendingIsDone = true
    return Cluster(bytes: pending.elements, scalarCount: count)
  }

  @inline(__always)
  private mutating func dropDone() {
    if pendingIsDone {
      pending.removeAll()
      pendingIsDone = false
    }
  }
}
