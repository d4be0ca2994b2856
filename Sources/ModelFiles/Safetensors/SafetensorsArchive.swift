import Storage

/// A safetensors file, opened, fully checked, and mapped into memory.
///
/// ```swift
/// import ModelFiles
///
/// let archive = try SafetensorsArchive(path: "model.safetensors")
/// for tensor in archive.tensors { print(tensor.name, tensor.shape) }
/// let bias = try archive.floats(of: "lm_head.bias", shape: [96])
/// let model = try archive.metadata(for: "charlm.model")
/// ```
///
/// Opening reads every byte once, to compare the tensors with their digests. Copies share the
/// mapping.
public struct SafetensorsArchive: Sendable {
  /// The file's name in errors: the path.
  public let name: String
  /// The texts of `__metadata__`, except for digests.
  public let metadata: SafetensorsMetadata
  /// Whether every byte was compared with a digest when the file was opened.
  public let isVerified: Bool
  private let header: SafetensorsHeader
  private let content: Content

  /// Opens the file at `path`.
  /// - Throws: `StorageError` if the file cannot be read, `SafetensorsError` if it is invalid or
  ///   damaged.
  public init(path: String, verification: SafetensorsVerification = .required) throws {
    try self.init(.file(MappedFile(path: path)), name: path, verification: verification)
  }

  /// Opens a file that is in memory; errors call it `name`.
  /// - Throws: `SafetensorsError`.
  public init(
    bytes: [UInt8], name: String, verification: SafetensorsVerification = .required
  ) throws {
    try self.init(.memory(bytes), name: name, verification: verification)
  }

  private init(
    _ content: Content, name: String, verification: SafetensorsVerification
  ) throws {
    let header = try content.withBytes { try SafetensorsHeader(of: $0, file: name) }
    isVerified =
      switch verification {
      case .required: true
      case .ifPresent: header.metadata.keys.contains(where: SafetensorsDigests.isKey)
      case .none: false
      }
    if isVerified {
      try content.withBytes { try header.verify($0, file: name) }
    }
    metadata = header.metadata.removing(where: SafetensorsDigests.isKey)
    self.name = name
    self.header = header
    self.content = content
  }

  /// The tensors in the order of their bytes in the file.
  public var tensors: [TensorEntry] { header.tensors }

  /// The size of the file in bytes.
  public var byteCount: Int { content.withBytes(\.count) }

  /// The entry of the tensor whose name equals `name` byte for byte.
  /// - Throws: `SafetensorsError.tensorMissing`.
  public func tensor(named name: String) throws -> TensorEntry {
    guard let tensor = header.tensor(named: name) else {
      throw SafetensorsError.tensorMissing(file: self.name, tensor: name)
    }
    return tensor
  }

  /// The text of `__metadata__` under `key`.
  /// - Throws: `SafetensorsError.metadataMissing`.
  public func metadata(for key: String) throws -> String {
    guard let text = metadata[key] else {
      throw SafetensorsError.metadataMissing(file: name, key: key)
    }
    return text
  }

  /// Calls `body` with the bytes of the tensor called `name`; the pointer must not escape.
  ///
  /// The bytes are little-endian. In files of `SafetensorsWriter` they begin at a multiple of the
  /// element size, in other files anywhere.
  /// - Throws: `SafetensorsError.tensorMissing`, or what `body` throws.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let tensor = try tensor(named: name)
    return try content.withBytes { try body(header.bytes(of: tensor, in: $0)) }
  }

  /// Copies the elements of the tensor called `name`, which must be F32 or F16 and have this shape.
  /// - Precondition: `destination` has exactly as many elements as the shape.
  /// - Throws: `SafetensorsError.tensorMissing`, `.elementTypeMismatch` or `.shapeMismatch`.
  public func copyFloats(
    of name: String, shape: [Int], into destination: UnsafeMutableBufferPointer<Float>
  ) throws {
    let tensor = try tensor(named: name)
    guard [.float32, .float16].contains(tensor.elementType) else {
      throw SafetensorsError.elementTypeMismatch(
        file: self.name, tensor: name, expected: .float32, found: tensor.elementType)
    }
    guard tensor.shape == shape else {
      throw SafetensorsError.shapeMismatch(
        file: self.name, tensor: name, expected: shape, found: tensor.shape)
    }
    precondition(destination.count == tensor.elementCount, "the room differs from the shape")
    try withBytes(of: name) { bytes in
      guard tensor.elementType == .float16 else {
        return UnsafeMutableRawBufferPointer(destination).copyMemory(from: bytes)
      }
      for index in destination.indices {
        let offset = index * MemoryLayout<Float16>.stride
        destination[index] = Float(bytes.loadUnaligned(fromByteOffset: offset, as: Float16.self))
      }
    }
  }

  /// The elements of the tensor called `name`, which must be F32 or F16 and have this shape.
  /// - Throws: `SafetensorsError.tensorMissing`, `.elementTypeMismatch` or `.shapeMismatch`.
  public func floats(of name: String, shape: [Int]) throws -> [Float] {
    let elementCount = try tensor(named: name).elementCount
    return try [Float](unsafeUninitializedCapacity: elementCount) { buffer, initializedCount in
      let room = UnsafeMutableBufferPointer(rebasing: buffer[..<elementCount])
      try copyFloats(of: name, shape: shape, into: room)
      initializedCount = elementCount
    }
  }

  /// The storage of a file's bytes.
  private enum Content: Sendable {
    case file(MappedFile)
    case memory([UInt8])

    func withBytes<Result>(
      _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
      switch self {
      case .file(let file): try file.withBytes(body)
      case .memory(let bytes): try bytes.withUnsafeBytes(body)
      }
    }
  }
}

#if _endian(big)
  #error("safetensors data is little-endian: copies must swap bytes here")
#endif

/// Whether the bytes of a safetensors file are compared with its digests when it is opened.
///
/// The structure of the file is always checked; only digests detect a changed weight.
public enum SafetensorsVerification: Sendable {
  /// The file must have all digests, as files of `SafetensorsWriter` do, and they must match.
  case required
  /// A file without any digest is accepted as it is; all others are verified. For files of other
  /// tools.
  case ifPresent
  /// Digests are not checked.
  case none
}
