import Kernels

/// A matrix B packed for products, and its memory.
struct PackedMatrix: ~Copyable {
  private let panels: AlignedBuffer<Float>
  private let scales: AlignedBuffer<Float>
  let view: PackedMatrixView

  /// - Parameter transposed: whether B is the transpose of `matrix`.
  init(
    _ matrix: borrowing RandomMatrix, transposed: Bool = false,
    precision: WeightPrecision = .float32, kernels: KernelSet
  ) {
    let (depth, columns) =
      transposed
      ? (matrix.columnCount, matrix.rowCount) : (matrix.rowCount, matrix.columnCount)
    // Elements that packing does not write must not be read.
    func memory(depth: Int) -> AlignedBuffer<Float> {
      AlignedBuffer(
        repeating: .nan, count: kernels.packedCount(depth: depth, columns: columns))
    }
    let isQuantized = precision == .int8
    let panels = memory(depth: isQuantized ? depth + 1 : depth)
    let scales = memory(depth: 1)
    view = PackedMatrixView(
      panels: panels.start, scales: isQuantized ? scales.start : nil, depth: depth,
      columnCount: columns)
    kernels.pack(matrix.view, transposed: transposed, into: view)
    self.panels = panels
    self.scales = scales
  }
}
