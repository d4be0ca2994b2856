/// A tensor to be written to a safetensors file, with the source of its bytes.
public struct TensorSource {
  /// The tensor's name.
  public let name: String
  /// The type of its elements.
  public let elementType: TensorElementType
  /// The number of elements along each axis; empty for a scalar.
  public let shape: [Int]
  /// Calls its argument with the tensor's bytes, in order, in one or more pieces.
  let forEachPiece: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  /// A tensor whose bytes are produced on demand.
  ///
  /// Bytes are requested twice, first for the digest and then for the file, so that no second copy
  /// of a model is needed. They must be the same both times.
  /// - Parameters:
  ///   - name: the name in the file.
  ///   - elementType: the type of the elements.
  ///   - shape: the dimensions, outermost first.
  ///   - forEachPiece: calls its argument with the little-endian bytes, in order, in pieces of any
  ///     size.
  public init(
    name: String, elementType: TensorElementType, shape: [Int],
    forEachPiece: @escaping ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.forEachPiece = forEachPiece
  }

  /// A tensor of these little-endian bytes.
  public init(name: String, elementType: TensorElementType, shape: [Int], bytes: [UInt8]) {
    self.init(name: name, elementType: elementType, shape: shape) { consume in
      try bytes.withUnsafeBytes(consume)
    }
  }

  /// An F32 tensor of these elements, last axis contiguous.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, elementType: .float32, shape: shape) { consume in
      try floats.withUnsafeBytes(consume)
    }
  }

  /// An F32 tensor that borrows its elements: `floats` must stay valid and unchanged until it is
  /// written.
  public init(name: String, shape: [Int], floats: UnsafeBufferPointer<Float>) {
    self.init(name: name, elementType: .float32, shape: shape) { consume in
      try consume(UnsafeRawBufferPointer(floats))
    }
  }
}
