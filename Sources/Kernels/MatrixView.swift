/// A row-major matrix in memory that another object owns; valid as long as its owner.
public struct MatrixView {
  /// The first element of the first row.
  public let start: UnsafeMutablePointer<Float>
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The floats from one row's start to the next row's.
  public let stride: Int

  /// Creates a view of memory whose owner must outlive it; rows follow each other unless `stride` is
  /// given.
  public init(
    start: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int, stride: Int? = nil
  ) {
    self.start = start
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.stride = stride ?? columnCount
  }

  /// The number of elements.
  /// - Precondition: no gap lies between the rows.
  public var count: Int {
    assert(stride == columnCount || rowCount <= 1, "rows with gaps have no common count")
    return rowCount * columnCount
  }

  /// The elements, row by row.
  /// - Precondition: no gap lies between the rows.
  package var values: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: start, count: count)
  }

  /// The first element of a row.
  public func row(_ index: Int) -> UnsafeMutablePointer<Float> {
    assert(index >= 0 && index < rowCount, "row outside the matrix")
    return start + index * stride
  }

  /// A part of the rows.
  public func rows(_ range: Range<Int>) -> MatrixView {
    assert(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows outside the matrix")
    return MatrixView(
      start: start + range.lowerBound * stride, rowCount: range.count, columnCount: columnCount,
      stride: stride)
  }

  /// A part of the columns.
  public func columns(_ range: Range<Int>) -> MatrixView {
    assert(range.lowerBound >= 0 && range.upperBound <= columnCount, "columns outside the matrix")
    return MatrixView(
      start: start + range.lowerBound, rowCount: rowCount, columnCount: range.count, stride: stride)
  }

  /// Rows `index * count ..< (index + 1) * count`: one time step of a window [T x B].
  public func block(_ index: Int, of count: Int) -> MatrixView {
    rows(index * count..<(index + 1) * count)
  }

  /// Sets every element to `value`; the rows must follow each other.
  public func fill(with value: Float) {
    start.update(repeating: value, count: count)
  }

  /// Copies all elements of a matrix of the same size; the rows of both must follow each other.
  public func copy(from other: MatrixView) {
    assert(count == other.count, "matrices to copy must have equal sizes")
    start.update(from: other.start, count: count)
  }
}
