/// The code lengths of the successive blocks of a text, from which `ConfidenceInterval` is drawn.
///
/// A block has at least `charactersPerBlock` characters. The last block ends with its text; a
/// remainder of less than half a block joins the block before it. When there are too many blocks,
/// neighbors are merged, so that memory does not depend on the size of the text.
public struct CodeLengthBlocks: Sendable, Equatable, Codable {
  struct Block: Sendable, Equatable, Codable {
    var nats = 0.0
    var characters = 0

    static func += (block: inout Block, other: Block) {
      block.nats += other.nats
      block.characters += other.characters
    }
  }

  /// The complete blocks of all texts, in order.
  private(set) var blocks: [Block] = []
  /// 1,000 times a power of two.
  public private(set) var charactersPerBlock = 1_000
  private var open = Block()

  /// The number of blocks at which neighbors are merged.
  private static let limit = 1 << 13

  package init() {}

  /// The number of complete blocks.
  public var count: Int { blocks.count }

  /// The nats of the complete blocks.
  package var nats: Double { blocks.reduce(0) { $0 + $1.nats } }
  /// The characters of the complete blocks.
  package var characters: Int { blocks.reduce(0) { $0 + $1.characters } }

  /// Adds the next token of a text.
  package mutating func add(nats: Double, characters: Int) {
    open.nats += nats
    open.characters += characters
    guard open.characters >= charactersPerBlock else { return }
    blocks.append(open)
    open = Block()
    if blocks.count == Self.limit { coarsen() }
  }

  package mutating func endText() {
    if let last = blocks.indices.last, 2 * open.characters < charactersPerBlock {
      blocks[last] += open
    } else if open != Block() {
      blocks.append(open)
    }
    open = Block()
  }

  /// Adds the blocks of further texts.
  /// - Precondition: the texts of both have ended.
  package static func += (blocks: inout CodeLengthBlocks, others: CodeLengthBlocks) {
    var others = others
    while others.charactersPerBlock < blocks.charactersPerBlock { others.coarsen() }
    while blocks.charactersPerBlock < others.charactersPerBlock { blocks.coarsen() }
    blocks.blocks += others.blocks
    while blocks.blocks.count >= limit { blocks.coarsen() }
  }

  /// Merges neighbors in pairs.
  private mutating func coarsen() {
    blocks = stride(from: 0, to: blocks.count, by: 2).map { first in
      var block = blocks[first]
      if first + 1 < blocks.count { block += blocks[first + 1] }
      return block
    }
    charactersPerBlock *= 2
  }
}
