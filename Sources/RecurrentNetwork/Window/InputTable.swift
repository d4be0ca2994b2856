import Kernels

/// What layer 0 makes of the tokens of one window before its recurrence, once for each different token.
///
/// ```
/// embedded = m_e[token] * embedding[token]        [D x E], m_e being the mask of the symbols, or 1
/// sums     = embedded W_ih' + b                   [D x G H]
/// ```
///
/// A text repeats its tokens: of the D different ones, in the order in which the window first names them,
/// there are at most V, at most T B, and often far fewer. A look-up replaces a product for each of the
/// T B rows; on the way back rows of the same token are added up before they are multiplied.
struct InputTable: ~Copyable {
  /// Of each token of the window, the row of the table, [T B].
  private let rowNumbers: AlignedBuffer<UInt16>
  /// Of each row of the table, the token, [D].
  private let tokens: AlignedBuffer<UInt16>
  /// Of each token of the vocabulary, where its row would be, [V]: `tokens` there tells whether it is. So
  /// nothing has to be cleared between windows (Briggs & Torczon 1993, "An efficient representation for
  /// sparse sets").
  private let places: AlignedBuffer<UInt16>
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
    places = AlignedBuffer(repeating: 0, count: tokenCount > 0 ? configuration.vocabularySize : 0)
    var plan = ArenaPlan()
    embeddedSlot = plan.reserve(rows: capacity, columns: configuration.embeddingSize)
    sumsSlot = plan.reserve(rows: capacity, columns: configuration.gateSize)
    arena = FloatArena(plan)
  }

  /// The token of each row, [D].
  var ids: UnsafePointer<UInt16> { UnsafePointer(tokens.start) }
  /// [D x E]; on the way back memory for its gradient.
  var embedded: MatrixView { arena.view(embeddedSlot).rows(0..<rowCount) }
  /// [D x G H]; on the way back memory for its gradient.
  var sums: MatrixView { arena.view(sumsSlot).rows(0..<rowCount) }
  /// Where the window's tokens find their sums.
  var lookUp: InputTableView { InputTableView(table: sums, rows: UnsafePointer(rowNumbers.start)) }

  /// Makes the table of a window of `count` tokens.
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
      var row = Int(places.start[Int(token)])
      if row >= rowCount || tokens.start[row] != token {
        row = rowCount
        tokens.start[row] = token
        places.start[Int(token)] = UInt16(row)
        rowCount += 1
      }
      rowNumbers.start[index] = UInt16(row)
    }
  }
}

/// Where each token of a window finds layer 0's input sums.
struct InputTableView {
  /// [some tokens x G H]
  let table: MatrixView
  /// Of each token of the window, the row of `table`, [T B].
  let rows: UnsafePointer<UInt16>

  /// Copies the sums of one step's part to where the recurrence goes on from them: just before that does, so
  /// that it finds them in the cache.
  func copy(into layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let sums = layer.gates(step, shard.rows)
    let rows = rows + step * layer.batchSize + shard.rows.lowerBound
    shard.forEachGateColumns(of: sums) { columns in
      kernels.gatherRows(of: table.columns(columns), rows, into: sums.columns(columns))
    }
  }
}

/// The gradients of layer 0's input sums and, as their sums over equal tokens, those of a window's table.
struct InputTableGradient {
  /// [T B x some of the G H]
  private let gates: MatrixView
  /// [D x the same]
  private let table: MatrixView
  /// Of each token of the window, the row of the table, [T B].
  private let rows: UnsafePointer<UInt16>

  /// - Parameter columns: of `gates` and the table.
  init(_ gates: MatrixView, summedBy lookUp: InputTableView, columns: Range<Int>) {
    self.gates = gates.columns(columns)
    table = lookUp.table.columns(columns)
    rows = lookUp.rows
  }

  /// Adds the gradients of some of the window's tokens, in some of the columns, to the table's.
  func add(_ tokens: Range<Int>, columns: Range<Int>, kernels: KernelSet) {
    kernels.scatterAddRows(
      of: gates.rows(tokens).columns(columns), rows + tokens.lowerBound,
      into: table.columns(columns))
  }
}
