/// The token of every Unicode scalar, in two small look-ups.
struct ScalarTable: Sendable, Equatable {
  private static let blockSize = 128
  /// For each block of scalars the number of its block of `ids`; block 0 is of scalars without a token.
  private var blocks = [UInt16](repeating: 0, count: Int(UnicodeTable.scalarLimit) / blockSize)
  private var ids = [TokenID](repeating: Vocabulary.unknown, count: blockSize)

  /// Gives `scalar` a token.
  mutating func insert(_ scalar: UInt32, id: TokenID) {
    let block = Int(scalar) / Self.blockSize
    if blocks[block] == 0 {
      blocks[block] = UInt16(ids.count / Self.blockSize)
      ids += [TokenID](repeating: Vocabulary.unknown, count: Self.blockSize)
    }
    ids[Int(blocks[block]) * Self.blockSize + Int(scalar) % Self.blockSize] = id
  }

  /// The token of one scalar, `Vocabulary.unknown` where it has none.
  subscript(scalar: UInt32) -> TokenID {
    ids[Int(blocks[Int(scalar) / Self.blockSize]) * Self.blockSize + Int(scalar) % Self.blockSize]
  }

  /// The same table for loops, free of checks.
  struct Lookup {
    let blocks: UnsafePointer<UInt16>
    let ids: UnsafePointer<TokenID>

    /// The token of a scalar below `UnicodeTable.scalarLimit`.
    @inline(__always)
    subscript(scalar: UInt32) -> TokenID {
      let block = Int(blocks[Int(scalar) / blockSize])
      return ids[block * blockSize + Int(scalar) % blockSize]
    }
  }

  /// Calls `body` with a view for loops; it must not leave it.
  func withLookup<Result>(_ body: (Lookup) throws -> Result) rethrows -> Result {
    try blocks.withUnsafeBufferPointer { blocks in
      try ids.withUnsafeBufferPointer { ids in
        try body(Lookup(blocks: blocks.baseAddress!, ids: ids.baseAddress!))
      }
    }
  }
}
