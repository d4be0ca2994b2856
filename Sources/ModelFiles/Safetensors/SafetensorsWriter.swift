import Storage

/// Writes tensors and texts as one safetensors file, with digests of everything in it.
///
/// ```swift
/// import ModelFiles
///
/// let writer = SafetensorsWriter(
///   tensors: [TensorSource(name: "lm_head.bias", shape: [3], floats: [1, 2, 3])],
///   metadata: ["format": "pt"])
/// try writer.write(to: "model.safetensors")
/// ```
///
/// The same input always gives the same bytes. Metadata is sorted by the bytes of its keys. Tensors
/// keep their order, except that larger elements precede smaller ones, as in the reference writer:
/// so each begins at a multiple of its element size, and the first at a multiple of 64 bytes of the
/// file.
public struct SafetensorsWriter {
  /// The first tensor's offset in the file is a multiple of this many bytes.
  public static let dataAlignment = 64

  private let tensors: [TensorSource]
  private let metadata: SafetensorsMetadata

  /// A writer of `tensors`, whose names must differ, and of `metadata`.
  public init(tensors: [TensorSource], metadata: SafetensorsMetadata = [:]) {
    self.tensors = tensors.enumerated().sorted {
      (-$0.element.elementType.bitsPerElement, $0.offset)
        < (-$1.element.elementType.bitsPerElement, $1.offset)
    }.map(\.element)
    self.metadata = metadata
  }

  /// Writes the file at `path` atomically: an error leaves no partial file.
  /// - Throws: `StorageError`, the cases of `SafetensorsError` that concern a writer's input, or
  ///   what a tensor's source throws.
  public func write(to path: String) throws {
    try write(to: path, using: .system)
  }

  package func write(to path: String, using operations: FileOperations) throws {
    try FileWriter.checkReplaceable(path: path)
    let plan = try plan(file: path)
    try FileWriter.replace(path: path, using: operations) { writer in
      try emit(plan, file: path) { try writer.write($0) }
    }
  }

  /// The file's bytes; errors call it `name`.
  /// - Throws: as `write(to:)`, except for `StorageError`.
  public func bytes(name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try emit(plan(file: name), file: name) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The header, and the digests that the tensors' bytes must have when they are read again.
  private struct Plan {
    let header: [UInt8]
    let digests: [SHA256Digest]
  }

  /// Checks the input and reads every tensor once.
  private func plan(file: String) throws -> Plan {
    try checkNames(file: file)
    var entries: [TensorEntry] = []
    var digests: [SHA256Digest] = []
    var allMetadata = metadata
    var end = 0
    for tensor in tensors {
      let byteCount = try byteCount(of: tensor, from: end, file: file)
      let (found, digest) = try consume(tensor) { _ in }
      guard found == byteCount else {
        throw SafetensorsError.givenSizeMismatch(
          file: file, tensor: tensor.name, expected: byteCount, found: found)
      }
      allMetadata[SafetensorsDigests.key(ofTensor: tensor.name)] = digest.hex
      digests.append(digest)
      entries.append(
        TensorEntry(
          name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
          byteRange: end..<end + byteCount))
      end += byteCount
    }
    let header = HeaderText(tensors: entries, metadata: allMetadata, alignment: Self.dataAlignment)
    guard header.byteCount <= SafetensorsHeader.maximumByteCount else {
      throw SafetensorsError.givenHeaderTooLong(file: file, byteCount: header.byteCount)
    }
    return Plan(header: header.signed(), digests: digests)
  }

  /// Passes the complete file to `write`, piece by piece.
  private func emit(
    _ plan: Plan, file: String, write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try plan.header.withUnsafeBytes(write)
    for (tensor, digest) in zip(tensors, plan.digests) {
      guard try consume(tensor, write).digest == digest else {
        throw SafetensorsError.tensorChanged(file: file, tensor: tensor.name)
      }
    }
  }

  private func checkNames(file: String) throws {
    var names: Set<ExactString> = []
    for tensor in tensors {
      guard tensor.name != "__metadata__" else {
        throw SafetensorsError.reservedName(file: file, name: tensor.name)
      }
      guard names.insert(ExactString(tensor.name)).inserted else {
        throw SafetensorsError.tensorGivenTwice(file: file, tensor: tensor.name)
      }
    }
    if let key = metadata.keys.first(where: SafetensorsDigests.isKey) {
      throw SafetensorsError.reservedName(file: file, name: key)
    }
  }

  /// The byte count of `tensor`, which must end within any file if it begins at `start`.
  private func byteCount(of tensor: TensorSource, from start: Int, file: String) throws -> Int {
    guard tensor.shape.allSatisfy({ $0 >= 0 }),
      case .bytes(let byteCount) = TensorSize(shape: tensor.shape, elementType: tensor.elementType),
      !start.addingReportingOverflow(byteCount).overflow
    else {
      throw SafetensorsError.unwritableShape(file: file, tensor: tensor.name, shape: tensor.shape)
    }
    return byteCount
  }

  /// Reads all of a tensor and passes its pieces on.
  private func consume(
    _ tensor: TensorSource, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> (byteCount: Int, digest: SHA256Digest) {
    var hasher = SHA256Hasher()
    var byteCount = 0
    try tensor.forEachPiece { piece in
      hasher.update(piece)
      byteCount += piece.count
      try take(piece)
    }
    return (byteCount, hasher.finalize())
  }
}
