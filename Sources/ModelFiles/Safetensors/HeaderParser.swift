import Storage

/// Parses the structure of a safetensors header from the tokens of `JSONScanner`.
///
///     { "__metadata__": { key: text, ... },
///       name: { "dtype": type, "shape": [size, ...], "data_offsets": [begin, end] }, ... }
struct HeaderParser {
  private var scanner: JSONScanner
  private let file: String
  /// The tensors in the header's order; the offsets of each agree with its shape.
  private(set) var tensors: [TensorEntry] = []
  private(set) var metadata = SafetensorsMetadata()
  /// The position of the header's own digest, if its 64 digits are written there without escapes.
  private(set) var headerDigestOffset: Int?

  /// A parser of the header between `start` and the end of `bytes`, which must be UTF-8.
  init(_ bytes: UnsafeRawBufferPointer, from start: Int, file: String) {
    scanner = JSONScanner(bytes, from: start)
    self.file = file
  }

  /// Parses the complete header.
  /// - Throws: `SafetensorsError`.
  mutating func parse() throws {
    do {
      try parseHeader()
    } catch JSONError.malformed(let byteOffset, let expected) {
      throw SafetensorsError.malformedHeader(
        file: file, byteOffset: byteOffset, expected: expected)
    } catch JSONError.invalidInteger(let byteOffset) {
      throw SafetensorsError.invalidInteger(file: file, byteOffset: byteOffset)
    }
  }

  private mutating func parseHeader() throws {
    var names: Set<ExactString> = []
    try members { parser, name in
      guard names.insert(ExactString(name)).inserted else {
        throw SafetensorsError.duplicateName(file: parser.file, name: name)
      }
      if name == "__metadata__" {
        try parser.parseMetadata()
      } else {
        try parser.parseTensor(name)
      }
    }
    if let offset = scanner.firstNonSpace() {
      throw SafetensorsError.trailingCharacters(file: file, byteOffset: offset)
    }
  }

  private mutating func parseMetadata() throws {
    guard scanner.peek() == UInt8(ascii: "{") else {
      throw SafetensorsError.metadataNotAnObject(file: file)
    }
    try members { parser, key in
      guard parser.metadata[key] == nil else {
        throw SafetensorsError.duplicateMetadataKey(file: parser.file, key: key)
      }
      guard parser.scanner.peek() == UInt8(ascii: "\"") else {
        throw SafetensorsError.metadataNotAString(file: parser.file, key: key)
      }
      let start = parser.scanner.position + 1
      parser.metadata[key] = try parser.scanner.string()
      let isPlain = parser.scanner.position - 1 - start == SHA256Digest.hexByteCount
      if key == SafetensorsDigests.headerKey, isPlain {
        parser.headerDigestOffset = start
      }
    }
  }

  private mutating func parseTensor(_ name: String) throws {
    guard scanner.peek() == UInt8(ascii: "{") else {
      throw SafetensorsError.entryNotAnObject(file: file, tensor: name)
    }
    var elementType: TensorElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try members { parser, field in
      let isNew: Bool
      switch field {
      case "dtype":
        isNew = elementType == nil
        elementType = try parser.parseElementType(tensor: name)
      case "shape":
        isNew = shape == nil
        shape = try parser.parseWholeNumbers()
      case "data_offsets":
        isNew = offsets == nil
        offsets = try parser.parseWholeNumbers()
      default:
        throw SafetensorsError.unknownField(file: parser.file, tensor: name, field: field)
      }
      guard isNew else {
        throw SafetensorsError.duplicateField(file: parser.file, tensor: name, field: field)
      }
    }
    let entry = TensorEntry(
      name: name,
      elementType: try required(elementType, "dtype", of: name),
      shape: try required(shape, "shape", of: name),
      byteRange: try byteRange(required(offsets, "data_offsets", of: name), tensor: name))
    try checkSize(of: entry)
    tensors.append(entry)
  }

  private mutating func parseElementType(tensor: String) throws -> TensorElementType {
    let text = try scanner.string()
    guard let elementType = TensorElementType(rawValue: text) else {
      throw SafetensorsError.unknownElementType(file: file, tensor: tensor, found: text)
    }
    return elementType
  }

  private mutating func parseWholeNumbers() throws -> [Int] {
    var numbers: [Int] = []
    try scanner.require("[")
    if scanner.consume("]") { return numbers }
    repeat {
      numbers.append(try scanner.wholeNumber())
    } while scanner.consume(",")
    try scanner.require("]")
    return numbers
  }

  /// Parses an object. Calls `member` with each name while the scanner is before the value.
  private mutating func members(
    _ member: (inout HeaderParser, _ name: String) throws -> Void
  ) throws {
    try scanner.require("{")
    if scanner.consume("}") { return }
    repeat {
      let name = try scanner.string()
      try scanner.require(":")
      try member(&self, name)
    } while scanner.consume(",")
    try scanner.require("}")
  }

  private func required<Value>(_ value: Value?, _ field: String, of tensor: String) throws -> Value
  {
    guard let value else {
      throw SafetensorsError.missingField(file: file, tensor: tensor, field: field)
    }
    return value
  }

  private func byteRange(_ offsets: [Int], tensor: String) throws -> Range<Int> {
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw SafetensorsError.invalidOffsets(file: file, tensor: tensor, found: offsets)
    }
    return offsets[0]..<offsets[1]
  }

  private func checkSize(of entry: TensorEntry) throws {
    switch TensorSize(shape: entry.shape, elementType: entry.elementType) {
    case .overflow:
      throw SafetensorsError.shapeOverflow(file: file, tensor: entry.name, shape: entry.shape)
    case .partOfAByte:
      throw SafetensorsError.partOfAByte(file: file, tensor: entry.name, shape: entry.shape)
    case .bytes(let expected):
      guard expected == entry.byteCount else {
        throw SafetensorsError.sizeMismatch(
          file: file, tensor: entry.name, expected: expected, found: entry.byteCount)
      }
    }
  }
}
