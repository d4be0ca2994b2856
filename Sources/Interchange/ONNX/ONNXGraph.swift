import Storage

/// A graph of ONNX in the making: its inputs, constants, operators and outputs, as the messages of
/// onnx.proto.
struct ONNXGraph {
  enum ElementType: Int {
    case float = 1
    case int64 = 7
  }

  /// A size of a tensor: fixed, or chosen by whoever runs the graph.
  enum Dimension {
    case fixed(Int)
    case free(String)
  }

  /// An attribute of an operator.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case strings([String])
    case graph(ONNXGraph)
  }

  /// Begins the names of what operators give, so that those of a graph within a graph are its own.
  private let prefix: String
  private var resultCount = 0
  private var nodes: [ProtocolBufferMessage] = []
  private var constants: [ProtocolBufferMessage] = []
  private var inputs: [ProtocolBufferMessage] = []
  private var outputs: [ProtocolBufferMessage] = []

  init(_ prefix: String) {
    self.prefix = prefix
  }

  mutating func input(_ name: String, _ type: ElementType, _ shape: [Dimension]) -> String {
    inputs.append(Self.value(name, type, shape))
    return name
  }

  /// Makes `value` an output of the graph under the name `name`.
  mutating func output(
    _ name: String, _ value: String, _ type: ElementType, _ shape: [Dimension]
  ) {
    _ = node("Identity", [value], results: [name])
    outputs.append(Self.value(name, type, shape))
  }

  /// A constant of floats, row by row.
  mutating func constant(_ name: String, _ values: [Float], _ shape: [Int]) -> String {
    precondition(values.count == shape.reduce(1, *), "the shape has another number of elements")
    return constant(name, .float, shape, values.withUnsafeBytes { Array($0) })
  }

  /// A constant vector of integers.
  mutating func constant(_ name: String, _ values: [Int]) -> String {
    constant(name, .int64, [values.count], values.withUnsafeBytes { Array($0) })
  }

  private mutating func constant(
    _ name: String, _ type: ElementType, _ shape: [Int], _ bytes: [UInt8]
  ) -> String {
    let shaped = shape.reduce(ProtocolBufferMessage()) { $0.integer(TensorField.dims, $1) }
    constants.append(
      shaped.integer(TensorField.dataType, type.rawValue).string(TensorField.name, name)
        .data(TensorField.rawData, bytes))
    return name
  }

  /// Adds an operator with one result.
  /// - Parameter inputs: the names of its inputs; "" for one that is left out.
  /// - Returns: the result's name.
  mutating func apply(
    _ type: String, _ inputs: String..., attributes: [(String, Attribute)] = []
  ) -> String {
    node(type, inputs, attributes: attributes, results: newNames(1))[0]
  }

  /// Adds an operator with `count` results.
  mutating func apply(
    _ type: String, _ inputs: [String], count: Int, attributes: [(String, Attribute)] = []
  ) -> [String] {
    node(type, inputs, attributes: attributes, results: newNames(count))
  }

  private mutating func newNames(_ count: Int) -> [String] {
    defer { resultCount += count }
    return (resultCount..<resultCount + count).map { "\(prefix)\($0)" }
  }

  private mutating func node(
    _ type: String, _ inputs: [String], attributes: [(String, Attribute)] = [], results: [String]
  ) -> [String] {
    var message = ProtocolBufferMessage()
    for input in inputs { message = message.string(NodeField.input, input) }
    for result in results { message = message.string(NodeField.output, result) }
    message = message.string(NodeField.name, "\(type)_\(prefix)\(nodes.count)")
      .string(NodeField.type, type)
    nodes.append(message.messages(NodeField.attribute, attributes.map(Self.attribute)))
    return results
  }

  private static func attribute(
    _ name: String, _ value: Attribute
  ) -> ProtocolBufferMessage {
    let message = ProtocolBufferMessage().string(AttributeField.name, name)
    switch value {
    case .integer(let value):
      return message.integer(AttributeField.integer, value)
        .integer(AttributeField.type, AttributeField.typeOfInteger)
    case .integers(let values):
      return values.reduce(message) { $0.integer(AttributeField.integers, $1) }
        .integer(AttributeField.type, AttributeField.typeOfIntegers)
    case .strings(let values):
      return values.reduce(message) { $0.string(AttributeField.strings, $1) }
        .integer(AttributeField.type, AttributeField.typeOfStrings)
    case .graph(let graph):
      return message.message(AttributeField.graph, graph.message)
        .integer(AttributeField.type, AttributeField.typeOfGraph)
    }
  }

  private static func value(
    _ name: String, _ type: ElementType, _ shape: [Dimension]
  ) -> ProtocolBufferMessage {
    let dimensions = shape.map { dimension in
      switch dimension {
      case .fixed(let size): ProtocolBufferMessage().integer(ValueField.dimensionValue, size)
      case .free(let name): ProtocolBufferMessage().string(ValueField.dimensionName, name)
      }
    }
    let tensor = ProtocolBufferMessage().integer(ValueField.elementType, type.rawValue)
      .message(
        ValueField.shape, ProtocolBufferMessage().messages(ValueField.dimension, dimensions))
    return ProtocolBufferMessage().string(ValueField.name, name)
      .message(ValueField.type, ProtocolBufferMessage().message(ValueField.tensorType, tensor))
  }

  /// A `GraphProto`.
  var message: ProtocolBufferMessage {
    ProtocolBufferMessage().messages(GraphField.node, nodes).string(GraphField.name, "charlm")
      .messages(GraphField.initializer, constants).messages(GraphField.input, inputs)
      .messages(GraphField.output, outputs)
  }
}

/// The fields of `GraphProto`.
enum GraphField {
  static let (node, name, initializer, input, output) = (1, 2, 5, 11, 12)
}

/// The fields of `NodeProto`.
enum NodeField {
  static let (input, output, name, type, attribute) = (1, 2, 3, 4, 5)
}

/// The fields of `AttributeProto`, and numbers of its types.
enum AttributeField {
  static let (name, integer, text, tensor, graph) = (1, 3, 4, 5, 6)
  static let (integers, strings, type) = (8, 9, 20)
  static let (typeOfInteger, typeOfGraph, typeOfIntegers, typeOfStrings) = (2, 5, 7, 8)
}

/// The fields of `TensorProto`.
enum TensorField {
  static let (dims, dataType, floatData, name, rawData) = (1, 2, 4, 8, 9)
}

/// The fields of `ValueInfoProto` and of what it contains.
enum ValueField {
  static let (name, type) = (1, 2)
  static let tensorType = 1
  static let (elementType, shape) = (1, 2)
  static let dimension = 1
  static let (dimensionValue, dimensionName) = (1, 2)
}
