import Generation
import Kernels
import ModelFiles
import Serving
import TestSupport
import Tokenization

extension ServedModel {
  static let text =
    "The quick brown fox jumps over the lazy dog. Größer — é!\n\nSecond paragraph.\n"

  /// A small model whose next characters depend on those before.
  static func sample(
    id: String = "sample", _ configuration: TokenizerConfiguration = TokenizerConfiguration()
  ) throws -> ServedModel {
    try ServedModel(id: id, model: sampleModel(configuration))
  }

  static func sampleModel(
    _ configuration: TokenizerConfiguration = TokenizerConfiguration()
  ) throws -> TextModel {
    try SampleModel(vocabularyOf: text, tokenizer: configuration) { parameters in
      let layout = parameters.layout
      for (tensor, scale): (_, Float) in [
        (layout.embedding, 20), (layout.outputWeight, 3), (layout.outputBias, 0.1),
      ] {
        for index in tensor.range { parameters.start[index] *= scale }
      }
    }.text
  }
}

extension InferenceEngine {
  static func small(mostTexts: Int = 8, mostRequests: Int = 100) -> InferenceEngine {
    InferenceEngine(
      processor: Processor(threadCount: 1), mostTexts: mostTexts, mostRequests: mostRequests)
  }

  /// The texts after a prompt, once they are complete.
  func texts(_ request: GenerationRequest, with model: ServedModel) async throws -> [String] {
    var texts = request.seeds.map { _ in "" }
    let events = try generate([request], with: model)
    while let news = try await events.next() {
      for case (_, .ended(let index, let result)) in news { texts[index] = result.text }
    }
    return texts
  }
}
