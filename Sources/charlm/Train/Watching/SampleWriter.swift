import Generation
import Kernels
import ModelFiles

/// What a model wrote in the middle of its training.
struct TrainingSample {
  let step: Int
  let text: String
}

/// Lets a model write during its training: from the beginning of a text, and always by the same random numbers,
/// which are not those of training.
struct SampleWriter {
  private let processor: Processor
  private let seed: UInt64

  private static let length = 200
  private static let settings = SamplerSettings(temperature: 0.8)

  init(processor: Processor, seed: UInt64) {
    self.processor = processor
    self.seed = seed
  }

  /// Nil where the vocabulary has nothing to write with.
  func sample(of model: TextModel) throws -> TrainingSample? {
    var generator = TextGenerator(model, processor: processor)
    do {
      let result = try generator.generate(
        after: Prompt("", tokenizer: model.tokenizer), length: Self.length,
        settings: Self.settings, seed: seed)
      return TrainingSample(step: model.training.steps, text: result.text)
    } catch GenerationError.emptyVocabulary {
      return nil
    }
  }
}
