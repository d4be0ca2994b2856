/// A plan of matrices in one buffer, made before it is allocated. Each begins at a cache line.
public struct ArenaPlan {
  /// Floats reserved so far.
  public private(set) var count = 0

  /// Creates a plan without matrices.
  public init() {}

  /// The place reserved for a matrix.
  public struct Slot: Sendable {
    let offset: Int
    let rowCount: Int
    let columnCount: Int
  }

  /// The place reserved for a packed matrix [depth x columns].
  public struct PackedSlot: Sendable {
    let offset: Int
    /// The place of `PackedMatrixView.scales`, for 8-bit weights.
    let scalesOffset: Int?
    let depth: Int
    let columnCount: Int
  }

  /// Reserves a matrix of `rows` x `columns` floats.
  public mutating func reserve(rows: Int, columns: Int) -> Slot {
    defer { advance(by: rows * columns) }
    return Slot(offset: count, rowCount: rows, columnCount: columns)
  }

  /// Reserves the panels of a matrix of `depth` x `columns` weights.
  public mutating func reservePacked(
    depth: Int, columns: Int, precision: WeightPrecision = .float32, kernels: KernelSet
  ) -> PackedSlot {
    let offset = count
    var scalesOffset: Int?
    switch precision {
    case .float32:
      advance(by: kernels.packedCount(depth: depth, columns: columns))
    case .int8:
      let floatSize = MemoryLayout<Float>.size
      advance(
        by: (kernels.quantizedCount(depth: depth, columns: columns) + floatSize - 1) / floatSize)
      scalesOffset = count
      advance(by: kernels.packedCount(depth: 1, columns: columns))
    }
    return PackedSlot(
      offset: offset, scalesOffset: scalesOffset, depth: depth, columnCount: columns)
  }

  private mutating func advance(by floats: Int) {
    count += (floats + 15) / 16 * 16
  }
}

/// One allocation that holds all matrices of a plan, so that nothing is allocated later.
public struct FloatArena: ~Copyable, Sendable {
  private let buffer: AlignedBuffer<Float>

  /// Allocates all matrices of a plan, filled with zeros.
  public init(_ plan: ArenaPlan) {
    buffer = AlignedBuffer(repeating: 0, count: plan.count)
  }

  /// The matrix that was reserved as `slot`.
  public func view(_ slot: ArenaPlan.Slot) -> MatrixView {
    MatrixView(
      start: buffer.start + slot.offset, rowCount: slot.rowCount, columnCount: slot.columnCount)
  }

  /// The packed matrix that was reserved as `slot`.
  public func view(_ slot: ArenaPlan.PackedSlot) -> PackedMatrixView {
    PackedMatrixView(
      panels: buffer.start + slot.offset, scales: slot.scalesOffset.map { buffer.start + $0 },
      depth: slot.depth, columnCount: slot.columnCount)
  }
}
