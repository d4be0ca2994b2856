/// A reader of bytes that nobody has checked. It may refuse them, but must not crash, hang or take
/// much memory.
protocol FuzzTarget: Sendable {
  func test(_ bytes: UnsafeRawBufferPointer)
}

/// By the names that scripts/fuzz.sh takes.
let fuzzTargets: [String: @Sendable () throws -> any FuzzTarget] = [
  "model": { ModelFile() },
  "onnx": { ImportedFile(named: "model.onnx") },
  "pattern": { try PatternText() },
  "text": { NormalizedText() },
  "torch7": { ImportedFile(named: "checkpoint.t7") },
  "vocabulary": { ImportedVocabulary() },
  "weights": { ImportedFile(named: "model.safetensors") },  // of PyTorch and Keras
]

/// A fault that no trap has found.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  guard condition else { fatalError(message()) }
}
