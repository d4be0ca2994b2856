// README's example begins.
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
// README's example ends.

import Foundation
import TestSupport
import Testing

@Suite struct LibraryExampleTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func theExampleOfREADMEIsThisFilesBeginning() throws {
    let file = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
    let start = try #require(file.range(of: "// README's example begins.\n"))
    let end = try #require(file.range(of: "\n// README's example ends."))
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains("```swift\n" + file[start.upperBound..<end.lowerBound] + "\n```"))
  }

  @Test func theExampleOfREADMERuns() throws {
    let folder = try TemporaryFolder()
    let novel = Self.root.appending(path: "corpora/the-salt-road.txt").path
    let text = try trainGenerateEvaluate(
      novel: novel, other: novel, model: folder.path("model.safetensors"))
    #expect(text.hasPrefix("It was"))
    #expect(text.contains("bits per character"))
  }
}
