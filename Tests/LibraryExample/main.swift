import CharlmKit

let text = TextSource.file(CommandLine.arguments[1])
let path = "model.safetensors"
let processor = Processor(threadCount: 2)

// Train: a small network, 200 steps.
let tokenizer = try Tokenizer.fit([text], configuration: TokenizerConfiguration())
let tokens = try TokenFile.write([text], tokenizer: tokenizer, beside: path)
let network = NetworkConfiguration(
  vocabularySize: tokenizer.vocabularySize, embeddingSize: 64, hiddenSize: 64, layerCount: 1)
var configuration = TrainingConfiguration()
configuration.budget = .init(200, .steps)
let run = try TrainingRun(
  tokens: tokens, tokenizer: tokenizer, network: network, configuration: configuration,
  processor: processor)
let trained = try run.run { event in
  if case .validation(let score) = event { print(score.bitsPerCharacter, "bits per character") }
}.model

// Save, and load.
try trained.write(to: path)
let model = try TextModel(path: path, processor: processor)

// Generate.
var generator = TextGenerator(model, processor: processor)
let prompt = try Prompt("It was", tokenizer: model.tokenizer)
let result = try generator.generate(
  after: prompt, length: 200, settings: SamplerSettings(temperature: 0.8), seed: 1)
print(prompt.text + result.text)

// Score.
var evaluator = Evaluator(model, processor: processor)
let score = try evaluator.evaluate(text)
print(score.bitsPerCharacter, "bits per character")
