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
