import Kernels

/// The owner of one float for each parameter of a network: the parameters themselves, their
/// gradients, or a moment of an optimizer.
public struct ParameterBuffer: ~Copyable, Sendable {
  /// Where each tensor is.
  public let layout: ParameterLayout
  private var values: AlignedBuffer<Float>

  /// All floats are zero.
  public init(layout: ParameterLayout) {
    self.layout = layout
    values = AlignedBuffer(repeating: 0, count: layout.count)
  }

  /// Creates a copy.
  public init(copying other: borrowing ParameterBuffer) {
    layout = other.layout
    values = AlignedBuffer(copying: other.values)
  }

  /// The number of parameters.
  public var count: Int { values.count }

  /// The first parameter; valid while the buffer lives.
  public var start: UnsafeMutablePointer<Float> { values.start }

  /// Sets all floats to zero, one range on each thread.
  public mutating func clear(processor: Processor) {
    let start = values.start
    processor.team.forEachRange(of: count, grain: 16) { range, _ in
      (start + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }

  /// Adds the floats of a buffer of the same layout.
  package mutating func add(_ other: borrowing ParameterBuffer, processor: Processor) {
    precondition(other.count == count, "the layouts differ")
    let (sums, addends) = (values.start, other.values.start)
    processor.team.forEachRange(of: count, grain: 16) { range, _ in
      for index in range { sums[index] += addends[index] }
    }
  }

  /// A tensor's floats; valid while the buffer lives.
  public func values(of tensor: ParameterLayout.Tensor) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: values.start + tensor.offset, count: tensor.count)
  }

  /// A tensor as a matrix; a vector is one row.
  func matrix(_ tensor: ParameterLayout.Tensor) -> MatrixView {
    MatrixView(
      start: values.start + tensor.offset, rowCount: tensor.shape.count == 2 ? tensor.shape[0] : 1,
      columnCount: tensor.shape[tensor.shape.count - 1])
  }
}
