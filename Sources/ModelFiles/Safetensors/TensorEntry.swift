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

/// How many bytes a tensor's shape and element type ask for, without any product that overflows.
enum TensorSize: Equatable {
  case bytes(Int)
  /// The product of the sizes along the axes is past what a file can hold, empty axes left out.
  case overflow
  /// Elements of less than a byte that do not fill whole bytes.
  case partOfAByte

  init(shape: [Int], elementType: TensorElementType) {
    var bitCount = elementType.bitsPerElement
    for size in shape where size != 0 {
      let (product, overflow) = bitCount.multipliedReportingOverflow(by: size)
      guard !overflow else {
        self = .overflow
        return
      }
      bitCount = product
    }
    if shape.contains(0) { bitCount = 0 }
    self = bitCount % 8 == 0 ? .bytes(bitCount / 8) : .partOfAByte
  }
}
