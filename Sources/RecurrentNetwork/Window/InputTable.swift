import Kernels

/// Layer 0's input sums in one window, computed once for each distinct token.
///
/// ```
/// embedded = m_e[token] * embedding[token]        [D x E], where m_e is the mask of symbols, or 1
/// sums     = embedded W_ih' + b                   [D x G H], where b is PackedWeights.bias
/// ```
///
/// A text repeats its tokens: the D distinct ones, in the order in which the window first contains
/// them, are at most V, at most T B, and often far fewer. A look-up replaces a product for each of
/// the T B rows. In the backward pass rows of the same token are added up before they are
/// multiplied.
struct InputTable: ~Copyable {
  /// The row of the table for each token of the window, [T B].
  private let rowNumbers: AlignedBuffer<UInt16>
  /// The token of each row of the table, [D].
  private let tokens: AlignedBuffer<UInt16>
  /// For each token of the vocabulary the row it would have, [V]; valid only if `tokens[row]` names
  /// it. So nothing has to be cleared between windows (Briggs & Torczon 1993, "An efficient
  /// representation for sparse sets").
  private let rowOfToken: AlignedBuffer<UInt16>
  private let arena: FloatArena
  private let embeddedSlot: ArenaPlan.Slot
  private let sumsSlot: ArenaPlan.Slot
  /// D
  private var rowCount = 0

  /// - Parameter tokenCount: T B of the longest window.
  init(configuration: NetworkConfiguration, tokenCount: Int) {
    let capacity = min(configuration.vocabularySize, tokenCount)
    rowNumbers = AlignedBuffer(repeating: 0, count: tokenCount)
    tokens = AlignedBuffer(repeating: 0, count: capacity)
    rowOfToken = AlignedBuffer(
      repeating: 0, count: tokenCount > 0 ? configuration.vocabularySize : 0)
    var plan = ArenaPlan()
    embeddedSlot = plan.reserve(rows: capacity, columns: configuration.embeddingSize)
    sumsSlot = plan.reserve(rows: capacity, columns: configuration.gateSize)
    arena = FloatArena(plan)
  }

  /// The token of each row, [D].
  var ids: UnsafePointer<UInt16> { UnsafePointer(tokens.start) }
  /// [D x E]; in the backward pass memory for its gradient.
  var embedded: MatrixView { arena.view(embeddedSlot).rows(0..<rowCount) }
  /// [D x G H]; in the backward pass memory for its gradient.
  var sums: MatrixView { arena.view(sumsSlot).rows(0..<rowCount) }
  /// The sums of each token of the window.
  var lookUp: InputTableRows { InputTableRows(table: sums, rows: UnsafePointer(rowNumbers.start)) }

  /// Computes the table of a window of `count` tokens.
  mutating func fill(
    _ window: UnsafePointer<UInt16>, count: Int, embedding: MatrixView,
    masks: borrowing DropoutMasks, weights: borrowing PackedWeights, processor: Processor
  ) {
    collect(window, count: count)
    let (ids, embedded) = (ids, embedded)
    let kernels = processor.kernels
    processor.team.forEachRange(of: rowCount) { rows, _ in
      kernels.gatherRows(of: embedding, ids + rows.lowerBound, into: embedded.rows(rows))
    }
    masks.dropSymbols(from: embedded, tokens: ids, processor: processor)
    processor.multiply(
      embedded, by: weights.input(layer: 0), bias: weights.bias(layer: 0), into: sums)
  }

  private mutating func collect(_ window: UnsafePointer<UInt16>, count: Int) {
    rowCount = 0
    for (index, token) in UnsafeBufferPointer(start: window, count: count).enumerated() {
      var row = Int(rowOfToken.start[Int(token)])
      if row >= rowCount || tokens.start[row] != token {
        row = rowCount
        tokens.start[row] = token
        rowOfToken.start[Int(token)] = UInt16(row)
        rowCount += 1
      }
      rowNumbers.start[index] = UInt16(row)
    }
  }
}

/// Layer 0's input sums of each token of a window, by their rows in a table.
struct InputTableRows {
  /// [some tokens x G H]
  let table: MatrixView
  /// The row of `table` for each token of the window, [T B].
  let rows: UnsafePointer<UInt16>

  /// Copies the sums of one step of a shard to where the recurrence adds to them, just before it
  /// does so that it finds them in the cache.
  func copy(into layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let sums = layer.gates(step, shard.rows)
    let rows = rows + step * layer.batchSize + shard.rows.lowerBound
    shard.forEachGateColumns(of: sums) { columns in
      kernels.gatherRows(of: table.columns(columns), rows, into: sums.columns(columns))
    }
  }
}

/// The gradients of layer 0's input sums, and their sums over equal tokens: the gradients of a
/// window's table.
struct InputTableGradient {
  /// [T B x some of the G H]
  private let gates: MatrixView
  /// [D x the same]
  private let table: MatrixView
  /// The row of the table for each token of the window, [T B].
  private let rows: UnsafePointer<UInt16>

  /// - Parameter columns: of `gates` and the table.
  init(_ gates: MatrixView, summedBy lookUp: InputTableRows, columns: Range<Int>) {
    self.gates = gates.columns(columns)
    table = lookUp.table.columns(columns)
    rows = lookUp.rows
  }

  /// Adds the gradients of some of the window's tokens, in some of the columns, to those of the
  /// table.
  func add(_ tokens: Range<Int>, columns: Range<Int>, kernels: KernelSet) {
    kernels.scatterAddRows(
      of: gates.rows(tokens).columns(columns), rows + tokens.lowerBound,
      into: table.columns(columns))
  }
}
