import Storage

/// The parts of an ONNX file that a recurrent network consists of, checked against the file's size.
///
/// Their number is limited, since a node that takes two bytes of a file takes a hundred of memory.
struct ONNXFile: ForeignTensors {
  struct Node {
    var type = ""
    var inputs: [String] = []
    var outputs: [String] = []
    var integers: [String: Int] = [:]
    var lists: [String: [Int]] = [:]
    var texts: [String: [String]] = [:]
    /// The tensor of a node `Constant`.
    var tensor: Tensor?

    /// The name of an input; empty if it has none.
    func input(_ number: Int) -> String { inputs.count > number ? inputs[number] : "" }
  }

  struct Tensor {
    var name = ""
    var shape: [Int] = []
    var type = 0
    /// 4-byte floats, or 8-byte integers.
    var bytes: ArraySlice<UInt8> = []
    /// Floats that the file has one by one.
    var floats: [Float] = []

    var elementCount: Int? {
      shape.reduce(Optional(1)) { count, size in
        count.flatMap { count in
          let (product, overflow) = count.multipliedReportingOverflow(by: size)
          return size < 0 || overflow ? nil : product
        }
      }
    }
  }

  let file: String
  private(set) var nodes: [Node] = []
  private(set) var metadata: [(key: String, text: String)] = []
  private var tensors: [String: Tensor] = [:]

  private var partCount = 0

  private static let float = 1
  /// Of nodes, inputs, tensors and the like; the exporters' graphs have hundreds.
  private static let mostParts = 1 << 17

  /// - Throws: `ImportError`.
  init(_ bytes: [UInt8], file: String) throws(ImportError) {
    self.file = file
    do throws(ProtocolBufferReader.Damage) {
      try readModel(bytes[...])
    } catch {
      throw .malformed(file: file, byteOffset: error.byteOffset, expected: "a part of the model")
    }
    for (name, tensor) in tensors {
      guard let count = tensor.elementCount,
        tensor.type != Self.float || tensor.bytes.count == 4 * count || tensor.floats.count == count
      else {
        throw .unexpectedShape(
          file: file, tensor: name, expected: "that of its elements", found: tensor.shape)
      }
    }
  }

  var names: [String] { tensors.keys.sorted() }
  func shape(of name: String) -> [Int] { tensors[name]?.shape ?? [] }
  func has(_ name: String) -> Bool { tensors[name] != nil }

  func floats(of name: String) throws(ImportError) -> [Float] {
    guard let tensor = tensors[name] else {
      throw .tensorNotFound(file: file, part: "'\(name)'", candidates: [])
    }
    guard tensor.type == Self.float else {
      throw .elementType(file: file, tensor: name, found: "of the ONNX type \(tensor.type)")
    }
    guard tensor.floats.isEmpty else { return tensor.floats }
    return tensor.bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The number of floats of all tensors.
  var floatCount: Int {
    tensors.values.reduce(0) { $0 + max($1.bytes.count / 4, $1.floats.count) }
  }

  // MARK: Messages

  /// - Parameter bytes: of one or more parts.
  private mutating func add(
    _ count: Int = 1, of bytes: ArraySlice<UInt8>
  ) throws(ProtocolBufferReader.Damage) {
    partCount += count
    guard partCount <= Self.mostParts else {
      throw ProtocolBufferReader.Damage(byteOffset: bytes.startIndex)
    }
  }

  private mutating func readModel(_ bytes: ArraySlice<UInt8>) throws(ProtocolBufferReader.Damage) {
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      guard case .data(let data) = value else { continue }
      switch field {
      case ModelField.graph: try readGraph(data)
      case ModelField.metadata:
        try add(of: data)
        let texts = try self.texts(data)
        metadata.append((texts[1]?.first ?? "", texts[2]?.first ?? ""))
      default: break
      }
    }
  }

  private mutating func readGraph(_ bytes: ArraySlice<UInt8>) throws(ProtocolBufferReader.Damage) {
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      guard case .data(let data) = value else { continue }
      switch field {
      case GraphField.node:
        let node = try self.node(data)
        nodes.append(node)
        if let tensor = node.tensor, let name = node.outputs.first { tensors[name] = tensor }
      case GraphField.initializer:
        let tensor = try self.tensor(data)
        tensors[tensor.name] = tensor
      default: break
      }
    }
  }

  private mutating func node(
    _ bytes: ArraySlice<UInt8>
  ) throws(ProtocolBufferReader.Damage) -> Node {
    try add(of: bytes)
    var node = Node()
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      guard case .data(let data) = value else { continue }
      try add(of: data)
      switch field {
      case NodeField.input: node.inputs.append(Self.text(data))
      case NodeField.output: node.outputs.append(Self.text(data))
      case NodeField.type: node.type = Self.text(data)
      case NodeField.attribute: try readAttribute(data, of: &node)
      default: break
      }
    }
    return node
  }

  private mutating func readAttribute(
    _ bytes: ArraySlice<UInt8>, of node: inout Node
  ) throws(ProtocolBufferReader.Damage) {
    var name = ""
    var integers: [Int] = []
    var texts: [String] = []
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      try add(of: bytes)
      switch (field, value) {
      case (AttributeField.name, .data(let data)): name = Self.text(data)
      case (AttributeField.integer, .integer(let value)):
        node.integers[name] = Int(truncatingIfNeeded: value)
      case (AttributeField.integers, .integer(let value)):
        integers.append(Int(truncatingIfNeeded: value))
      case (AttributeField.integers, .data(let data)): integers += try self.integers(data)
      case (AttributeField.text, .data(let data)), (AttributeField.strings, .data(let data)):
        texts.append(Self.text(data))
      case (AttributeField.tensor, .data(let data)): node.tensor = try tensor(data)
      default: break
      }
    }
    node.lists[name] = integers
    node.texts[name] = texts
  }

  private mutating func tensor(
    _ bytes: ArraySlice<UInt8>
  ) throws(ProtocolBufferReader.Damage) -> Tensor {
    try add(of: bytes)
    var tensor = Tensor()
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (TensorField.dims, .integer(let size)):
        try add(of: bytes)
        tensor.shape.append(Int(truncatingIfNeeded: size))
      case (TensorField.dims, .data(let data)): tensor.shape += try integers(data)
      case (TensorField.dataType, .integer(let type)): tensor.type = Int(truncatingIfNeeded: type)
      case (TensorField.name, .data(let data)): tensor.name = Self.text(data)
      case (TensorField.rawData, .data(let data)): tensor.bytes = data
      case (TensorField.floatData, .data(let data)): tensor.bytes = data
      case (TensorField.floatData, .fixed(let data)) where data.count == 4:
        tensor.floats.append(
          data.withUnsafeBytes { $0.loadUnaligned(as: Float.self) })
      default: break
      }
    }
    return tensor
  }

  private mutating func texts(
    _ bytes: ArraySlice<UInt8>
  ) throws(ProtocolBufferReader.Damage) -> [Int: [String]] {
    var texts: [Int: [String]] = [:]
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      guard case .data(let data) = value else { continue }
      try add(of: data)
      texts[field, default: []].append(Self.text(data))
    }
    return texts
  }

  private mutating func integers(
    _ data: ArraySlice<UInt8>
  ) throws(ProtocolBufferReader.Damage) -> [Int] {
    try add(data.count, of: data)
    return try ProtocolBufferReader.integers(data).map { Int(truncatingIfNeeded: $0) }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
