import Evaluation
import Generation
import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization
import Training

func trainGenerateEvaluate(novel: String, other: String, model path: String) throws -> String {
  let processor = Processor(threadCount: 2)
  let source = TextSource.file(novel)
  let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
  let tokens = try TokenFile.write([source], tokenizer: tokenizer, beside: path)
  let network = NetworkConfiguration(
    vocabularySize: tokenizer.vocabularySize, embeddingSize: 64, hiddenSize: 64, layerCount: 1)
  var configuration = TrainingConfiguration()
  configuration.budget = .init(200, .steps)
  let run = try TrainingRun(
    tokens: tokens, tokenizer: tokenizer, network: network, configuration: configuration,
    processor: processor)
  let model = try run.run { event in print(event) }.model
  try model.write(to: path)

  var generator = TextGenerator(model, processor: processor)
  let prompt = try Prompt("It was", tokenizer: tokenizer)
  let result = try generator.generate(
    after: prompt, length: 200, settings: SamplerSettings(temperature: 0.8), seed: 1)

  var evaluator = Evaluator(model, processor: processor)
  let score = try evaluator.evaluate(.file(other))
  return "\(prompt.text)\(result.text)\n\(score.bitsPerCharacter) bits per character"
}
