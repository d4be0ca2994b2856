import ModelFiles

/// The parts of a valid model file, to be changed into an invalid one with correct digests.
struct ModelFileParts {
  struct Tensor {
    var name: String
    var elementType: TensorElementType
    var shape: [Int]
    var bytes: [UInt8]
  }

  var metadata: SafetensorsMetadata
  var tensors: [Tensor]

  init(of model: TextModel) throws {
    let archive = try open(model.writer().bytes(name: "test"))
    metadata = archive.metadata
    tensors = try archive.tensors.map { tensor in
      try Tensor(
        name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
        bytes: archive.withBytes(of: tensor.name) { Array($0) })
    }
  }

  /// The file of these parts, with correct digests.
  func bytes() throws -> [UInt8] {
    try SafetensorsWriter(
      tensors: tensors.map {
        TensorSource(name: $0.name, elementType: $0.elementType, shape: $0.shape, bytes: $0.bytes)
      }, metadata: metadata
    ).bytes(name: "test")
  }

  /// Replaces `old`, which must be there, by `new` in a text of the metadata.
  mutating func replace(_ old: String, with new: String, in key: String) {
    let text = metadata[key] ?? ""
    precondition(text.contains(old), "\(key) has no \(old)")
    metadata[key] = text.replacing(old, with: new)
  }

  /// Changes one tensor.
  mutating func change(_ name: String, _ change: (inout Tensor) -> Void) {
    let index = tensors.firstIndex { $0.name == name }!
    change(&tensors[index])
  }
}
