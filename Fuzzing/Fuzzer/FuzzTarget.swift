/// A reader of bytes that nobody has checked. It may refuse them, but must not crash, hang or take
/// much memory.
protocol FuzzTarget: Sendable {
  init() throws
  func test(_ bytes: UnsafeRawBufferPointer)
}

/// By the names that scripts/fuzz.sh takes.
let fuzzTargets: [String: any FuzzTarget.Type] = [
  "model": ModelFile.self,
  "onnx": ImportedONNX.self,
  "pattern": PatternText.self,
  "text": NormalizedText.self,
  "torch7": ImportedTorch7.self,
  "vocabulary": ImportedVocabulary.self,
  "weights": ImportedWeights.self,
]

/// A fault that no trap has found.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  guard condition else { fatalError(message()) }
}
