import Foundation
import ModelFiles
import TestSupport

extension TemporaryFolder {
  func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: url.appending(path: name)))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: url.appending(path: name))
  }

  /// Writes tensors whose elements are 0, `unit`, 2 `unit` and so on, from the first tensor to the
  /// last, after `change`.
  /// - Returns: the elements by the tensors' names.
  @discardableResult
  func write(
    tensors: [(name: String, shape: [Int])], unit: Float = 1, to name: String,
    changing change: (inout [Float]) -> Void = { _ in }
  ) throws -> [String: [Float]] {
    var values: [String: [Float]] = [:]
    var next: Float = 0
    for (name, shape) in tensors {
      var floats = (0..<shape.reduce(1, *)).map { _ in
        defer { next += 1 }
        return next * unit
      }
      change(&floats)
      values[name] = floats
    }
    let sources = tensors.map { name, shape in
      TensorSource(name: name, elementType: .float32, shape: shape) { [values] consume in
        try values[name]!.withUnsafeBytes { try consume($0) }
      }
    }
    try SafetensorsWriter(tensors: sources, metadata: ["format": "pt"]).write(to: path(name))
    return values
  }
}
