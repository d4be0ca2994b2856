/// What a safetensors header says of one tensor.
public struct TensorEntry: Hashable, Sendable {
  private let exactName: ExactString
  /// What the elements are.
  public let elementType: TensorElementType
  /// The number of elements along each axis, the last axis contiguous; empty for a single number.
  public let shape: [Int]
  /// Where the tensor's bytes lie, counted from the first byte after the header.
  public let byteRange: Range<Int>

  init(name: String, elementType: TensorElementType, shape: [Int], byteRange: Range<Int>) {
    exactName = ExactString(name)
    self.elementType = elementType
    self.shape = shape
    self.byteRange = byteRange
  }

  /// The tensor's name, such as `embedding.weight`; compared byte for byte.
  public var name: String { exactName.text }

  /// The number of elements: 1 for a single number, 0 if an axis is empty.
  public var elementCount: Int { shape.reduce(1, *) }

  /// The number of bytes.
  public var byteCount: Int { byteRange.count }
}
