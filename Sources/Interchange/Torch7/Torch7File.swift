/// The objects of a file that Torch7 wrote (`torch.save`, binary), without running anything in it.
///
/// ```
/// object    type (int32) and its content
/// 0 nil     nothing
/// 1 number  double
/// 2 string  size (int32), bytes
/// 3 table   index (int32); the first time: count (int32), a key and a value each
/// 4 class   index; the first time: "V 1", the name of the class, its content
/// 5 boolean int32
/// 6, 7, 8   function: index; the first time: size, bytes, an object
/// ```
///
/// The content of a tensor is its dimensions (int32), sizes, strides and offset (int64 each) and the
/// object of its storage; that of a storage is its size (int64) and its elements; that of any other
/// class an object. Source: File.lua and the classes' `write` functions of Torch7.
struct Torch7File {
  enum Value {
    case none
    case number(Double)
    case text(String)
    case flag(Bool)
    /// The position of an object in `objects`.
    case object(Int)
  }

  enum Object {
    /// An object that is still being read, or a function.
    case opaque
    case table([(key: Value, value: Value)])
    case instance(name: String, content: Value)
    case tensor(sizes: [Int], strides: [Int], offset: Int, storage: Value)
    case storage(kind: String, bytes: Range<Int>)
  }

  let file: String
  private let bytes: [UInt8]
  private(set) var objects: [Object] = []
  private(set) var root = Value.none

  /// - Throws: `ImportError.malformed`.
  init(_ bytes: [UInt8], file: String) throws(ImportError) {
    self.bytes = bytes
    self.file = file
    var reader = Torch7Reader(bytes, file: file)
    root = try reader.value(depth: 0)
    objects = reader.objects
  }

  /// Whether a file may be one: it begins with a table.
  static func isLikely(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [3, 0, 0, 0, 1, 0, 0, 0])
  }

  /// The entries of a table, or of the table that an instance consists of.
  func entries(of value: Value) -> [(key: Value, value: Value)] {
    guard case .object(let index) = value else { return [] }
    switch objects[index] {
    case .table(let entries): return entries
    case .instance(_, .object(let content)):
      // An instance whose content is an instance, and so on, may be its own.
      if case .table(let entries) = objects[content] { return entries }
      return []
    default: return []
    }
  }

  /// The value under a key of a table or an instance.
  func member(_ name: String, of value: Value) -> Value? {
    entries(of: value).first {
      if case .text(let key) = $0.key { key == name } else { false }
    }?.value
  }

  /// The elements of a list: those under 1, 2, ...
  func list(_ value: Value) -> [Value] {
    var numbered: [Int: Value] = [:]
    for (key, value) in entries(of: value) {
      if case .number(let number) = key, let index = Int(exactly: number) {
        numbered[index] = value
      }
    }
    return (1...max(1, numbered.count)).map { numbered[$0] }.prefix { $0 != nil }.compactMap { $0 }
  }

  /// At most as many floats are in the file.
  var floatCount: Int { bytes.count / 4 }

  func className(of value: Value) -> String? {
    guard case .object(let index) = value, case .instance(let name, _) = objects[index] else {
      return nil
    }
    return name
  }

  /// The sizes of a tensor, which are positive; nil if the value is none, or an empty one.
  func sizes(of value: Value?) -> [Int]? {
    guard case .object(let index)? = value, case .tensor(let sizes, _, _, _) = objects[index],
      sizes.allSatisfy({ $0 > 0 })
    else { return nil }
    return sizes
  }

  /// The elements of a tensor of floats, row by row.
  func floats(of value: Value?, named name: String) throws(ImportError) -> [Float] {
    guard case .object(let index)? = value,
      case .tensor(let sizes, let strides, let offset, let storage) = objects[index]
    else { throw .tensorNotFound(file: file, part: "'\(name)'", candidates: []) }
    guard case .object(let place) = storage, case .storage(let kind, let range) = objects[place],
      let size = Self.elementSize(kind), ["Float", "Cuda", "Double"].contains(kind)
    else { throw .elementType(file: file, tensor: name, found: "not floats") }
    let count = sizes.reduce(1, *)  // the reader has checked it
    let elementCount = range.count / size
    guard count <= elementCount else {
      throw .unexpectedShape(
        file: file, tensor: name, expected: "that of its elements", found: sizes)
    }
    var values: [Float] = []
    values.reserveCapacity(count)
    var position = [Int](repeating: 0, count: sizes.count)
    for _ in 0..<count {
      let element = zip(position, strides).reduce(offset) { $0 &+ $1.0 &* $1.1 }
      guard 0..<elementCount ~= element else {
        throw .unexpectedShape(
          file: file, tensor: name, expected: "that of its elements", found: sizes)
      }
      values.append(float(at: range.lowerBound + element * size, isDouble: size == 8))
      for dimension in sizes.indices.reversed() {
        position[dimension] += 1
        if position[dimension] < sizes[dimension] { break }
        position[dimension] = 0
      }
    }
    return values
  }

  private func float(at offset: Int, isDouble: Bool) -> Float {
    bytes.withUnsafeBytes {
      isDouble
        ? Float($0.loadUnaligned(fromByteOffset: offset, as: Double.self))
        : $0.loadUnaligned(fromByteOffset: offset, as: Float.self)
    }
  }

  /// The bytes of an element of `torch.KINDStorage`.
  static func elementSize(_ kind: String) -> Int? {
    switch kind {
    case "Byte", "Char": 1
    case "Short": 2
    case "Int", "Float", "Cuda": 4
    case "Long", "Double", "CudaDouble", "CudaLong": 8
    default: nil
    }
  }
}

/// Reads the objects of a file one after the other; every size is compared with the file's, and
/// their number is limited, since 8 bytes of a file may take 50 of memory.
private struct Torch7Reader {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private(set) var objects: [Torch7File.Object] = []
  /// The positions of objects in `objects` by their index in the file.
  private var positions: [Int: Int] = [:]

  /// Nested objects; the graphs of char-rnn have some hundreds.
  private static let deepest = 2_000
  private static let mostValues = 1 << 18
  private var valueCount = 0

  init(_ bytes: [UInt8], file: String) {
    (self.bytes, self.file) = (bytes, file)
  }

  private func missing(_ expected: String) -> ImportError {
    .malformed(file: file, byteOffset: position, expected: expected)
  }

  private mutating func take(_ count: Int) throws(ImportError) -> Range<Int> {
    guard count >= 0, count <= bytes.count - position else {
      throw missing("\(count) bytes")
    }
    defer { position += count }
    return position..<position + count
  }

  private mutating func number<Number: BitwiseCopyable>(
    _ type: Number.Type
  ) throws(ImportError) -> Number {
    let range = try take(MemoryLayout<Number>.size)
    return bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self)
    }
  }

  private mutating func integer() throws(ImportError) -> Int { Int(try number(Int32.self)) }

  private mutating func text() throws(ImportError) -> String {
    let range = try take(try integer())
    return String(decoding: bytes[range], as: UTF8.self)
  }

  mutating func value(depth: Int) throws(ImportError) -> Torch7File.Value {
    guard depth < Self.deepest else { throw missing("an end to so many nested objects") }
    valueCount += 1
    guard valueCount <= Self.mostValues else { throw missing("an end to so many objects") }
    switch try integer() {
    case 0: return .none
    case 1: return .number(try number(Double.self))
    case 2: return .text(try text())
    case 3: return try object { reader throws(ImportError) in try reader.table(depth: depth) }
    case 4: return try object { reader throws(ImportError) in try reader.instance(depth: depth) }
    case 5: return .flag(try integer() != 0)
    case 6, 7, 8:
      return try object { reader throws(ImportError) in
        _ = try reader.take(try reader.integer())
        _ = try reader.value(depth: depth + 1)
        return .opaque
      }
    default:
      position -= 4
      throw missing("an object")
    }
  }

  /// An object that is read where its index comes for the first time.
  private mutating func object(
    _ read: (inout Torch7Reader) throws(ImportError) -> Torch7File.Object
  ) throws(ImportError) -> Torch7File.Value {
    let index = try integer()
    if let known = positions[index] { return .object(known) }
    let place = objects.count
    positions[index] = place
    objects.append(.opaque)
    objects[place] = try read(&self)
    return .object(place)
  }

  private mutating func table(depth: Int) throws(ImportError) -> Torch7File.Object {
    let count = try integer()
    // An entry takes at least 8 bytes.
    guard count >= 0, count <= (bytes.count - position) / 8 else {
      throw missing("\(count) entries")
    }
    var entries: [(key: Torch7File.Value, value: Torch7File.Value)] = []
    for _ in 0..<count {
      let key = try value(depth: depth + 1)
      entries.append((key, try value(depth: depth + 1)))
    }
    return .table(entries)
  }

  private mutating func instance(depth: Int) throws(ImportError) -> Torch7File.Object {
    let version = try text()
    let name = version.hasPrefix("V ") ? try text() : version
    let kind = name.hasPrefix("torch.") ? name.dropFirst(6) : ""
    if kind.hasSuffix("Tensor") { return try tensor(depth: depth) }
    if kind.hasSuffix("Storage"), let size = Torch7File.elementSize(String(kind.dropLast(7))) {
      let count = Int(try number(Int64.self))
      let (byteCount, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw missing("\(count) elements") }
      return .storage(kind: String(kind.dropLast(7)), bytes: try take(byteCount))
    }
    return .instance(name: name, content: try value(depth: depth + 1))
  }

  private mutating func tensor(depth: Int) throws(ImportError) -> Torch7File.Object {
    let dimensions = try integer()
    guard 0...8 ~= dimensions else { throw missing("at most 8 dimensions") }
    var (sizes, strides): ([Int], [Int]) = ([], [])
    for _ in 0..<dimensions { sizes.append(Int(try number(Int64.self))) }
    for _ in 0..<dimensions { strides.append(Int(try number(Int64.self))) }
    let offset = Int(try number(Int64.self)) &- 1
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard 0...bytes.count ~= size, !overflow, product <= bytes.count else {
        throw missing("a possible size")
      }
      count = product
    }
    return .tensor(
      sizes: sizes, strides: strides, offset: offset, storage: try value(depth: depth + 1))
  }
}
