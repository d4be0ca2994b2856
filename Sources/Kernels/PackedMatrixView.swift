/// A matrix B [depth x columns] in the panels that the product kernels read, in memory that another
/// object owns.
public struct PackedMatrixView {
  /// Floats, or 8-bit integers if there are scales.
  let panels: UnsafeMutableRawPointer
  /// The unit of each column's integers, for 8-bit weights.
  let scales: UnsafeMutablePointer<Float>?
  /// The rows of B.
  public let depth: Int
  /// The columns of B.
  public let columnCount: Int

  /// Creates a view of panels whose owner must outlive it.
  public init(
    panels: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>? = nil, depth: Int,
    columnCount: Int
  ) {
    self.init(
      panels: UnsafeMutableRawPointer(panels), scales: scales, depth: depth,
      columnCount: columnCount)
  }

  private init(
    panels: UnsafeMutableRawPointer, scales: UnsafeMutablePointer<Float>?, depth: Int,
    columnCount: Int
  ) {
    self.panels = panels
    self.scales = scales
    self.depth = depth
    self.columnCount = columnCount
  }

  /// B's columns in `range`, which begins at a multiple of `KernelSet.panelWidth` and ends at one
  /// or at B's end.
  public func columns(_ range: Range<Int>) -> PackedMatrixView {
    assert(range.lowerBound >= 0 && range.upperBound <= columnCount, "columns outside the matrix")
    let first = range.lowerBound
    let columnBytes = scales == nil ? depth * MemoryLayout<Float>.size : (depth + 1) / 2 * 2
    return PackedMatrixView(
      panels: panels + first * columnBytes, scales: scales.map { $0 + first }, depth: depth,
      columnCount: range.count)
  }
}

/// How the weights of a finished network are stored for its products.
public enum WeightPrecision: String, CaseIterable, Sendable {
  case float32
  /// Integers from -127 to 127 with a scale for each row of a weight: a quarter of the memory to
  /// read.
  case int8
}
