import Interchange
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

/// ONNX files, there and back. scripts/check-formats.sh holds them against onnxruntime.
@Suite struct ONNXTests {
  private static let processor = Processor(threadCount: 1)

  static let networks = [CellKind.lstm, .coupledLSTM, .gru, .rnn].flatMap { cell in
    [
      NetworkConfiguration(
        cell: cell, vocabularySize: 1, embeddingSize: 5, hiddenSize: 8, layerCount: 1),
      NetworkConfiguration(
        cell: cell, vocabularySize: 1, embeddingSize: 8, hiddenSize: 8, layerCount: 3,
        tiesEmbeddings: true),
      NetworkConfiguration(
        cell: cell, vocabularySize: 1, embeddingSize: 5, hiddenSize: 8, layerCount: 2,
        tiesEmbeddings: true, normalizationGroups: 2, isResidual: true),
    ]
  }

  static func model(
    _ network: NetworkConfiguration, tokenizer configuration: TokenizerConfiguration = .init()
  ) throws -> TextModel {
    let tokenizer = try Tokenizer.fit(
      [.text("a small text, é\n", name: "text")], configuration: configuration)
    var network = network
    network.vocabularySize = tokenizer.vocabularySize
    let parameters = ParameterBuffer(configuration: network, seed: 3)
    var stream = RandomStream(seed: 4)
    for index in 0..<parameters.count {
      parameters.start[index] += Float.random(in: -0.1...0.1, using: &stream)
    }
    return TextModel(
      weights: NetworkWeights(
        configuration: network, parameters: parameters, processor: processor),
      tokenizer: tokenizer,
      training: TrainingSummary(
        configuration: TrainingConfiguration(), steps: 7, charactersSeen: 8, seconds: 9,
        trainingTokens: 10, validationTokens: 0, validationNatsPerToken: nil))
  }

  static func weights(_ model: TextModel) -> [UInt32] {
    ParameterLayout(model.weights.configuration).tensors.flatMap {
      model.weights.parameters.values(of: $0).map(\.bitPattern)
    }
  }

  @Test(arguments: networks)
  func aModelComesBackToTheBit(network: NetworkConfiguration) throws {
    let folder = try TemporaryFolder()
    let model = try Self.model(network)
    let path = folder.path("model.onnx")
    try ONNXExport(model).write(to: path)
    let back = try ModelImport().model(path: path, processor: Self.processor)
    #expect(back.weights.configuration == model.weights.configuration)
    #expect(back.tokenizer == model.tokenizer)
    #expect(back.training == model.training)
    #expect(Self.weights(back) == Self.weights(model))
  }

  /// Each is refused with an error, or was harmless.
  @Test func damagedFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("model.onnx")
    try ONNXExport(Self.model(Self.networks[0])).write(to: path)
    let whole = try folder.bytes("model.onnx")
    var stream = RandomStream(seed: 1)
    var refusedCount = 0
    for round in 0..<300 {
      var bytes = whole
      if round.isMultiple(of: 3) {
        bytes.removeLast(Int.random(in: 1..<bytes.count, using: &stream))
      } else {
        for _ in 0..<Int.random(in: 1...8, using: &stream) {
          let position = Int.random(in: 0..<min(bytes.count, 4_000), using: &stream)
          bytes[position] = UInt8.random(in: 0...255, using: &stream)
        }
      }
      try folder.write(bytes, to: "model.onnx")
      do {
        _ = try ModelImport().model(path: path, processor: Self.processor)
      } catch is ImportError {
        refusedCount += 1
      } catch is TextModelError {
        refusedCount += 1
      } catch is SafetensorsError {
        refusedCount += 1
      }
    }
    #expect(refusedCount > 150)
  }
}
