import ModelFiles

extension SafetensorsArchive {
  /// The elements of the tensor called `name`, which must be of this type and shape.
  /// - Throws: `SafetensorsError.tensorMissing`, `.elementTypeMismatch` or `.shapeMismatch`.
  func elements<Element: BitwiseCopyable>(
    of name: String, _ elementType: TensorElementType, shape: [Int]
  ) throws -> [Element] {
    let tensor = try tensor(named: name)
    guard tensor.elementType == elementType else {
      throw SafetensorsError.elementTypeMismatch(
        file: self.name, tensor: name, expected: elementType, found: tensor.elementType)
    }
    guard tensor.shape == shape else {
      throw SafetensorsError.shapeMismatch(
        file: self.name, tensor: name, expected: shape, found: tensor.shape)
    }
    let size = MemoryLayout<Element>.size
    return try withBytes(of: name) { bytes in
      stride(from: 0, to: bytes.count, by: size).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: Element.self)
      }
    }
  }
}
