import Generation
import Kernels
import ModelFiles

/// A text that a model wrote during its training.
struct TrainingSample {
  let step: Int
  let text: String
}

/// Generates samples during training.
///
/// Each begins a paragraph, or is a document if the texts hold several, and uses the same random
/// numbers, which are independent of those of the training.
struct SampleWriter {
  private let processor: Processor
  private let seed: UInt64

  private static let length = 200
  private static let settings = SamplerSettings(temperature: 0.8)

  init(processor: Processor, seed: UInt64) {
    self.processor = processor
    self.seed = seed
  }

  /// Returns nil if the vocabulary has no characters.
  func sample(of model: TextModel) throws -> TrainingSample? {
    var generator = TextGenerator(model, processor: processor)
    do {
      var criteria = StoppingCriteria(length: Self.length)
      criteria.stopsAtEndOfText = model.tokenizer.configuration.documents.splitsTexts
      var state = try generator.paragraphState()
      let result = try generator.generate(
        after: Prompt("", tokenizer: model.tokenizer), from: &state,
        until: criteria, settings: Self.settings, seed: seed)
      return TrainingSample(step: model.training.steps, text: result.text)
    } catch GenerationError.emptyVocabulary {
      return nil
    }
  }
}
