import RecurrentNetwork

/// The order of a cell's gates in another format.
struct GateOrder {
  /// Of each block of H rows there, the block here, and a factor.
  private let blocks: [(source: Int, factor: Float)]

  /// ONNX: i, o, f, c of an LSTM; z, r, h of a GRU.
  ///
  /// A coupled LSTM is an LSTM whose input gate has the negated sums of the forget gate, since
  /// 1 - sigmoid(f) = sigmoid(-f).
  static func onnx(_ cell: CellKind) -> GateOrder {
    switch cell {
    case .lstm: GateOrder([0, 3, 1, 2])
    case .coupledLSTM: GateOrder(blocks: [(0, -1), (2, 1), (0, 1), (1, 1)])
    case .gru: GateOrder([1, 0, 2])
    case .rnn: GateOrder([0])
    }
  }

  /// PyTorch: as here.
  static func pyTorch(_ cell: CellKind) -> GateOrder { GateOrder(Array(0..<cell.gateCount)) }

  /// Keras: as here, but z, r, h of a GRU.
  static func keras(_ cell: CellKind) -> GateOrder { cell == .gru ? onnx(.gru) : pyTorch(cell) }

  /// char-rnn and torch-rnn: i, f, o, g of an LSTM.
  static func torch7(_ cell: CellKind) -> GateOrder {
    cell == .lstm ? GateOrder([0, 1, 3, 2]) : pyTorch(cell)
  }

  private init(_ sources: [Int]) {
    blocks = sources.map { ($0, 1) }
  }

  private init(blocks: [(source: Int, factor: Float)]) {
    self.blocks = blocks
  }

  /// The number of gates there.
  var count: Int { blocks.count }

  /// Rows in the order of the other format.
  /// - Parameter values: [G H x columns], row by row, in the order of this package.
  func reorder(_ values: [Float]) -> [Float] {
    let gateCount = (blocks.map(\.source).max() ?? 0) + 1
    let size = values.count / gateCount
    return blocks.flatMap { block in
      values[block.source * size..<(block.source + 1) * size].map { block.factor * $0 }
    }
  }

  /// Rows in the order of this package; blocks that are another one's with a factor of -1 are
  /// dropped.
  func restore(_ values: [Float]) -> [Float] {
    let size = values.count / blocks.count
    let gateCount = (blocks.map(\.source).max() ?? 0) + 1
    return (0..<gateCount).flatMap { gate in
      let block = blocks.firstIndex { $0.source == gate && $0.factor == 1 } ?? 0
      return values[block * size..<(block + 1) * size]
    }
  }
}
