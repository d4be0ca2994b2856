import Storage

/// The header of a safetensors file, checked against the file.
///
/// A file consists of the header's length in eight bytes, little-endian; the header, a JSON object;
/// and the tensors' bytes. Reading is stricter than the reference reader's: a repeated name, an
/// unknown field, or a space before the opening brace is an error. Invariants of every header:
/// - a tensor's byte range has the length that its shape and element type require;
/// - in the order of `tensors` the ranges are contiguous, without hole or overlap, from the first
///   byte after the header to the last byte of the file.
struct SafetensorsHeader: Sendable {
  /// The format's limit for a header's length in bytes.
  static let maximumByteCount = 100_000_000

  /// The tensors in the order of their bytes.
  let tensors: [TensorEntry]
  /// All of `__metadata__`, digests included; empty if the header has none.
  let metadata: SafetensorsMetadata
  /// The header's length in bytes, padding included.
  let byteCount: Int
  /// The position in the file of the header's own digest.
  let headerDigestOffset: Int?
  private let indices: [ExactString: Int]

  /// The offset in the file of the first tensor's first byte.
  var dataOffset: Int { Self.lengthByteCount + byteCount }

  /// The size of the length in front of a header.
  static let lengthByteCount = 8

  /// Reads the header of a complete file.
  /// - Parameters:
  ///   - bytes: the file's content.
  ///   - file: the file's name in errors.
  /// - Throws: `SafetensorsError`, one of its cases up to `trailingData`.
  init(of bytes: UnsafeRawBufferPointer, file: String) throws {
    byteCount = try Self.byteCount(of: bytes, file: file)
    let end = Self.lengthByteCount + byteCount
    let text = UnsafeRawBufferPointer(rebasing: bytes[..<end])
    try Self.checkText(text, file: file)
    var parser = HeaderParser(text, from: Self.lengthByteCount, file: file)
    try parser.parse()
    metadata = parser.metadata
    headerDigestOffset = parser.headerDigestOffset
    tensors = try Self.inDataOrder(
      parser.tensors, dataByteCount: bytes.count - end, file: file)
    indices = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { (ExactString($1.name), $0) })
  }

  /// The entry of the tensor whose name equals `name` byte for byte, or nil.
  func tensor(named name: String) -> TensorEntry? {
    indices[ExactString(name)].map { tensors[$0] }
  }

  /// The bytes of `tensor`, which is in this header, out of `bytes`, the content of this header's
  /// file.
  func bytes(
    of tensor: TensorEntry, in bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    let start = dataOffset + tensor.byteRange.lowerBound
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + tensor.byteCount])
  }

  private static let sampleByteCount = 1_024

  /// Whether the file begins with bytes that texts in UTF-8 have, and no others.
  private static func looksLikeText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.prefix(sampleByteCount).allSatisfy { byte in
      switch byte {
      case 9...13, 0x20..<0x7F, 0x80..<0xC0, 0xC2..<0xF5: true
      default: false
      }
    }
  }

  /// The length in the file's first bytes, checked against the file's size.
  private static func byteCount(of bytes: UnsafeRawBufferPointer, file: String) throws -> Int {
    guard bytes.count >= lengthByteCount else {
      throw SafetensorsError.tooShort(file: file, byteCount: bytes.count)
    }
    let claimed = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard claimed <= maximumByteCount else {
      if looksLikeText(bytes) { throw SafetensorsError.isText(file: file) }
      throw SafetensorsError.headerTooLong(file: file, byteCount: claimed)
    }
    let available = bytes.count - lengthByteCount
    guard claimed <= available else {
      throw SafetensorsError.headerPastEnd(
        file: file, byteCount: Int(claimed), available: available)
    }
    return Int(claimed)
  }

  /// Checks that the header in `text`, which has the length in front, begins with `{` and is UTF-8.
  private static func checkText(_ text: UnsafeRawBufferPointer, file: String) throws {
    let header = UnsafeRawBufferPointer(rebasing: text[lengthByteCount...])
    guard header.first == UInt8(ascii: "{") else { throw SafetensorsError.headerStart(file: file) }
    do {
      _ = try UTF8Span(validating: header.assumingMemoryBound(to: UInt8.self).span)
    } catch {
      throw SafetensorsError.invalidUTF8(
        file: file, byteOffset: lengthByteCount + error.byteOffsets.lowerBound)
    }
  }

  /// The tensors in the order of their bytes, which must cover the data without hole or overlap.
  private static func inDataOrder(
    _ tensors: [TensorEntry], dataByteCount: Int, file: String
  ) throws -> [TensorEntry] {
    let ordered = tensors.sorted {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound)
        < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    var end = 0
    var previous = ""
    for tensor in ordered {
      let begin = tensor.byteRange.lowerBound
      guard begin >= end else {
        throw SafetensorsError.overlap(file: file, tensor: tensor.name, otherTensor: previous)
      }
      guard begin == end else {
        throw SafetensorsError.hole(file: file, beforeTensor: tensor.name, byteCount: begin - end)
      }
      end = tensor.byteRange.upperBound
      previous = tensor.name
    }
    guard end <= dataByteCount else {
      throw SafetensorsError.truncated(file: file, missingByteCount: end - dataByteCount)
    }
    guard end == dataByteCount else {
      throw SafetensorsError.trailingData(file: file, byteCount: dataByteCount - end)
    }
    return ordered
  }
}

extension SafetensorsHeader {
  /// Compares `bytes`, a complete file, with the digests in this header.
  /// - Throws: `SafetensorsError`, one of the cases on digests.
  func verify(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    guard let hexOffset = headerDigestOffset else {
      throw SafetensorsError.headerDigestMissing(file: file)
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[..<dataOffset])
    let found = SafetensorsDigests.headerDigest(of: text, hexOffset: hexOffset).hex
    guard text[hexOffset...].starts(with: found.utf8) else {
      throw SafetensorsError.headerDigestMismatch(file: file)
    }
    try checkDigestKeys(file: file)
    for tensor in tensors {
      guard let expected = metadata[SafetensorsDigests.key(ofTensor: tensor.name)] else {
        throw SafetensorsError.tensorDigestMissing(file: file, tensor: tensor.name)
      }
      guard SHA256Digest(of: self.bytes(of: tensor, in: bytes)).hex == expected else {
        throw SafetensorsError.tensorDigestMismatch(file: file, tensor: tensor.name)
      }
    }
  }

  /// Rejects a reserved key that belongs to no tensor of the file.
  private func checkDigestKeys(file: String) throws {
    let known = Set(tensors.map { ExactString(SafetensorsDigests.key(ofTensor: $0.name)) })
    for found in metadata.keys
    where SafetensorsDigests.isKey(found) && found != SafetensorsDigests.headerKey {
      guard known.contains(ExactString(found)) else {
        throw SafetensorsError.unknownDigest(file: file, key: found)
      }
    }
  }
}
