/// A value for every Unicode scalar, found in two small look-ups.
struct ScalarTable<Value: BitwiseCopyable & Sendable & Equatable>: Sendable, Equatable {
  private static var blockSize: Int { 128 }

  /// The number in `values` of each block of scalars; block 0 is shared by all blocks without
  /// values of their own.
  private var blocks: [UInt16]
  private var values: [Value]

  /// A table in which every scalar has `value`.
  init(repeating value: Value) {
    blocks = Array(repeating: 0, count: Int(UnicodeTable.scalarLimit) / Self.blockSize)
    values = Array(repeating: value, count: Self.blockSize)
  }

  /// The value of one scalar.
  @inline(__always)
  subscript(scalar: UInt32) -> Value {
    get { values[index(of: scalar)] }
    set {
      if blocks[Int(scalar) / Self.blockSize] == 0 { addBlock(with: scalar) }
      values[index(of: scalar)] = newValue
    }
  }

  /// Calls `body` for the scalars whose blocks are not shared, in ascending order.
  func forEach(_ body: (UInt32, Value) -> Void) {
    for block in blocks.indices where blocks[block] != 0 {
      for offset in 0..<Self.blockSize {
        let scalar = UInt32(block * Self.blockSize + offset)
        body(scalar, self[scalar])
      }
    }
  }

  @inline(__always)
  private func index(of scalar: UInt32) -> Int {
    Int(blocks[Int(scalar) / Self.blockSize]) * Self.blockSize + Int(scalar) % Self.blockSize
  }

  @inline(never)
  private mutating func addBlock(with scalar: UInt32) {
    blocks[Int(scalar) / Self.blockSize] = UInt16(values.count / Self.blockSize)
    // A slice of `values` would make the append copy all of them.
    let shared = Array(values[..<Self.blockSize])
    values += shared
  }

  /// The same table for loops, without checks.
  struct Lookup {
    fileprivate let blocks: UnsafePointer<UInt16>
    fileprivate let values: UnsafePointer<Value>

    /// The value of a scalar below `UnicodeTable.scalarLimit`.
    @inline(__always)
    subscript(scalar: UInt32) -> Value {
      let block = Int(blocks[Int(scalar) / blockSize])
      return values[block * blockSize + Int(scalar) % blockSize]
    }
  }

  /// Calls `body` with a view for loops, which must not escape.
  func withLookup<Result>(_ body: (Lookup) throws -> Result) rethrows -> Result {
    try blocks.withUnsafeBufferPointer { blocks in
      try values.withUnsafeBufferPointer { values in
        try body(Lookup(blocks: blocks.baseAddress!, values: values.baseAddress!))
      }
    }
  }
}
