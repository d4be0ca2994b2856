/// The entry of one tensor in a safetensors header.
public struct TensorEntry: Hashable, Sendable {
  private let exactName: ExactString
  /// The type of the elements.
  public let elementType: TensorElementType
  /// The number of elements along each axis, the last axis contiguous; empty for a scalar.
  public let shape: [Int]
  /// The range of the tensor's bytes, counted from the first byte after the header.
  public let byteRange: Range<Int>

  init(name: String, elementType: TensorElementType, shape: [Int], byteRange: Range<Int>) {
    exactName = ExactString(name)
    self.elementType = elementType
    self.shape = shape
    self.byteRange = byteRange
  }

  /// The tensor's name, such as `embedding.weight`; compared byte for byte.
  public var name: String { exactName.text }

  /// The number of elements: 1 for a scalar, 0 if an axis is empty.
  public var elementCount: Int { shape.reduce(1, *) }

  /// The number of bytes.
  public var byteCount: Int { byteRange.count }
}

/// The number of bytes that a tensor's shape and element type require, computed without overflow.
enum TensorSize: Equatable {
  case bytes(Int)
  /// The product of the sizes, without empty axes, exceeds any file.
  case overflow
  /// Elements smaller than a byte do not fill whole bytes.
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
