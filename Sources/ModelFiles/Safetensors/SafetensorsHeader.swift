/// The header of a safetensors file, checked against the file it heads.
///
/// A file is eight bytes of header length, little-endian; the header, a JSON object; the tensors' bytes.
/// Reading is stricter than the reference reader's: a name twice, an unknown field, or a space before the
/// opening brace is an error. What holds once a header exists:
/// - every tensor's byte range is as long as its shape and element type ask for;
/// - in the order of `tensors` the ranges follow each other without hole or overlap, from the first byte
///   behind the header to the last byte of the file.
struct SafetensorsHeader: Sendable {
  /// The format's limit for a header's length in bytes.
  static let maximumByteCount = 100_000_000

  /// The tensors in the order of their bytes.
  let tensors: [TensorEntry]
  /// All of `__metadata__`, digests included; empty where the header has none.
  let metadata: SafetensorsMetadata
  /// The header's length in bytes, its padding included.
  let byteCount: Int
  /// Where the text of the header's own digest begins in the file.
  let headerDigestOffset: Int?
  private let indices: [ExactString: Int]

  /// The offset in the file of the first tensor's first byte.
  var dataOffset: Int { Self.lengthByteCount + byteCount }

  /// The size of the header length in front of a header.
  static let lengthByteCount = 8

  /// Reads the header of a whole file.
  /// - Parameters:
  ///   - bytes: the file's content.
  ///   - file: the name that errors use.
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

  /// The entry of the tensor called `name`, byte for byte, or `nil`.
  func tensor(named name: String) -> TensorEntry? {
    indices[ExactString(name)].map { tensors[$0] }
  }

  /// The bytes of `tensor`, one of this header's, in `bytes`, the content of this header's file.
  func bytes(
    of tensor: TensorEntry, in bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    let start = dataOffset + tensor.byteRange.lowerBound
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + tensor.byteCount])
  }

  /// The length that the file's first bytes give, checked against the file's.
  private static func byteCount(of bytes: UnsafeRawBufferPointer, file: String) throws -> Int {
    guard bytes.count >= lengthByteCount else {
      throw SafetensorsError.tooShort(file: file, byteCount: bytes.count)
    }
    let claimed = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard claimed <= maximumByteCount else {
      throw SafetensorsError.headerTooLong(file: file, byteCount: claimed)
    }
    let available = bytes.count - lengthByteCount
    guard claimed <= available else {
      throw SafetensorsError.headerPastEnd(
        file: file, byteCount: Int(claimed), available: available)
    }
    return Int(claimed)
  }

  /// Checks that the header in `text`, which has the length in front, begins as it must and is UTF-8.
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
