import Foundation
import ModelFiles
import RecurrentNetwork
import Storage
import Testing
import Tokenization

/// A model is read as it was written.
@Suite struct TextModelTests {
  static func models() throws -> [TextModel] {
    let clusters = ["\r\n", "e\u{301}", "\u{E9}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"]
    return try [
      sampleModel(sampleTokenizer()),
      sampleModel(sampleTokenizer(awkwardUnits), layerCount: 3),
      sampleModel(sampleTokenizer(unit: .grapheme, clusters), validationNatsPerToken: nil),
      sampleModel(sampleTokenizer(unit: .byte)),
      sampleModel(sampleTokenizer([])),
    ]
  }

  private func expectEqual(_ found: TextModel, _ expected: TextModel) {
    #expect(parameterBits(found) == parameterBits(expected))
    #expect(found.weights.configuration == expected.weights.configuration)
    #expect(found.tokenizer == expected.tokenizer)
    #expect(found.training == expected.training)
    for id in 0..<expected.tokenizer.vocabularySize {
      func bytes(_ model: TextModel) -> [UInt8] {
        model.tokenizer.vocabulary.withUTF8(of: TokenID(id)) { Array($0) }
      }
      #expect(bytes(found) == bytes(expected))
    }
  }

  @Test func aModelComesBackBitForBit() throws {
    for model in try Self.models() {
      let bytes = try model.writer().bytes(name: "test")
      let copy = try readModel(bytes)
      expectEqual(copy, model)
      #expect(try model.writer().bytes(name: "test") == bytes)
      #expect(try copy.writer().bytes(name: "other") == bytes)
    }
  }

  @Test func aModelComesBackFromItsFile() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.safetensors").path
    for model in try Self.models() {
      try model.write(to: path)
      #expect(
        try Array(Data(contentsOf: URL(filePath: path))) == model.writer().bytes(name: "test"))
      expectEqual(try TextModel(path: path, processor: processor), model)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.safetensors"])
  }

  @Test func float16HalvesTheWeightsAndRoundsThem() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.safetensors").path
    let network = NetworkConfiguration(
      vocabularySize: 258, embeddingSize: 8, hiddenSize: 96, layerCount: 1)
    let model = try untrainedModel(network, sampleTokenizer(unit: .byte))
    try model.write(to: path, storage: .float16)
    let archive = try SafetensorsArchive(path: path)
    #expect(archive.tensors.allSatisfy { $0.elementType == .float16 })
    let copy = try TextModel(archive, processor: processor)
    #expect(copy.tokenizer == model.tokenizer)
    let rounded = parameterBits(model).map {
      Float(Float16(Float(bitPattern: $0))).bitPattern
    }
    #expect(parameterBits(copy) == rounded)
    #expect(Set(rounded).count > 10_000)
    // A copy of the copy loses nothing.
    try copy.write(to: path, storage: .float16)
    #expect(parameterBits(try TextModel(path: path, processor: processor)) == parameterBits(copy))
  }

  @Test func float16RefusesWhatItCannotHold() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.safetensors").path
    let model = try sampleModel(sampleTokenizer())  // has the greatest finite Float
    let tensor = ParameterLayout(model.weights.configuration).tensors[0].name
    #expect(throws: TextModelError.tooLargeForFloat16(file: path, tensor: tensor)) {
      try model.write(to: path, storage: .float16)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func aBuiltInModelIsFoundByItsName() throws {
    for builtIn in BuiltInModel.allCases {
      let model = try TextModel(model: builtIn.rawValue, processor: processor)
      #expect(model.tokenizer.configuration == TokenizerConfiguration())
      #expect(model.training.charactersSeen > 0)
    }
    #expect(throws: StorageError.self) { try SafetensorsArchive(model: "./english") }
  }

  @Test func everyTrainingSettingComesBack() throws {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 1
    configuration.windowLength = 1 << 53
    configuration.budget = .init(.leastNonzeroMagnitude, .minutes)
    configuration.seed = .max
    configuration.optimizer = .rmsProp
    configuration.momentum = 0.5
    configuration.isNesterov = true
    configuration.smoothing = 0.95
    configuration.learningRate = 0.1
    configuration.schedule = .step
    configuration.decayEvery = 1
    configuration.decayAfter = 10
    configuration.decayFactor = 0.97
    configuration.warmupSteps = 0
    configuration.clipNorm = nil
    configuration.clipValue = 5
    configuration.weightDecay = 1.2e-6
    configuration.l1 = 1e-7
    configuration.averageDecay = 0.999
    configuration.averageLast = 0.125
    configuration.dropout = 1 / 3
    configuration.dropoutMask = .perStep
    configuration.embeddingDropout = 0.1
    configuration.recurrentDropout = 0.5
    configuration.validationFraction = .greatestFiniteMagnitude
    configuration.validationSplit = .interleaved
    configuration.evaluateEvery = 1
    configuration.initialization.weights = .xavier
    configuration.initialization.recurrentWeights = .orthogonal
    configuration.initialization.forgetBias = -1.5
    let small = try sampleModel(sampleTokenizer())
    let model = TextModel(
      weights: small.weights, tokenizer: small.tokenizer,
      training: TrainingSummary(
        configuration: configuration, steps: 1 << 53, charactersSeen: 1 << 53, seconds: 0x1p53,
        trainingTokens: 0, validationTokens: 0, validationNatsPerToken: nil))
    expectEqual(try readModel(model.writer().bytes(name: "test")), model)
  }

  @Test func aFileOfTheFirstVersionWasTrainedWithPlainAdam() throws {
    let path = try #require(
      Bundle.module.path(forResource: "Fixtures/salt-road", ofType: "safetensors"))
    let archive = try SafetensorsArchive(path: path)
    #expect(try !archive.metadata(for: "charlm.training").contains("optimizer"))
    var expected = TrainingConfiguration()
    expected.batchSize = 8
    expected.windowLength = 32
    expected.budget = .init(6, .epochs)
    expected.learningRate = 0.02
    let found = try TextModel(archive, processor: processor).training.configuration
    #expect(found == expected)
    #expect(found.optimizer == .adam && found.averageDecay == nil)
    #expect(found.initialization == Initialization())
    #expect(found.dropoutMask == .locked && found.recurrentDropout == 0)
    #expect(found.validationSplit == .tail)
    #expect(try TextModel(archive, processor: processor).training.sources == nil)
  }

  @Test func metadataIsReadableJSONInTheDocumentedKeys() throws {
    let archive = try open(sampleModel(sampleTokenizer()).writer().bytes(name: "test"))
    #expect(
      archive.metadata.keys
        == [
          "charlm.format", "charlm.network", "charlm.tokenizer", "charlm.training",
          "charlm.version", "format",
        ])
    #expect(archive.metadata["charlm.version"] == CharlmVersion.current)
    #expect(archive.metadata["format"] == "pt")
    #expect(
      archive.metadata["charlm.network"]
        == #"{"cell":"lstm","embedding_size":1,"hidden_size":1,"layer_count":1,"vocabulary_size":5}"#
    )
    for key in ["charlm.network", "charlm.tokenizer", "charlm.training"] {
      let text = try archive.metadata(for: key)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }
  }

  /// The same weights predict otherwise if they are normalized in other groups.
  @Test func theDigestDependsOnTheNormalizationGroups() throws {
    let tokenizer = try sampleTokenizer()
    func digest(_ groups: Int) -> String {
      let network = NetworkConfiguration(
        vocabularySize: tokenizer.vocabularySize, embeddingSize: 4, hiddenSize: 4, layerCount: 1,
        normalizationGroups: groups)
      return untrainedModel(network, tokenizer).digest().hex
    }
    #expect(Set([1, 2, 4].map(digest)).count == 3)
  }

  /// A residual model has the tensors of a plain one, so only digest and format distinguish it; a
  /// program that reads format 1 would ignore the connections.
  @Test func aResidualModelHasADigestAndAFormatOfItsOwn() throws {
    let tokenizer = try sampleTokenizer()
    func model(isResidual: Bool) -> TextModel {
      let network = NetworkConfiguration(
        vocabularySize: tokenizer.vocabularySize, embeddingSize: 4, hiddenSize: 4, layerCount: 2,
        isResidual: isResidual)
      return untrainedModel(network, tokenizer)
    }
    let (plain, residual) = (model(isResidual: false), model(isResidual: true))
    #expect(plain.digest() != residual.digest())
    for (model, format) in [(plain, "1"), (residual, "2")] {
      let parts = try ModelFileParts(of: model)
      #expect(parts.metadata["charlm.format"] == format)
      #expect(parts.metadata["charlm.network"]?.contains("is_residual") == (format == "2"))
      let copy = try TextModel(open(parts.bytes()), processor: processor)
      #expect(copy.weights.configuration == model.weights.configuration)
    }
  }

  @Test func aResidualModelOfOneLayerIsRefused() throws {
    var parts = try ModelFileParts(of: sampleModel(sampleTokenizer()))
    parts.replace(
      #""layer_count":1"#, with: #""is_residual":true,"layer_count":1"#, in: "charlm.network")
    let rejection = try Rejection(of: parts.bytes())
    #expect(rejection == .model(.invalidNetwork(file: "test", .residualNeedsLayers)))
    #expect(rejection.isOneSentence)
  }

  @Test(arguments: [0, 2]) func groupsThatDoNotFitAreRefused(groups: Int) throws {
    var parts = try ModelFileParts(of: sampleModel(sampleTokenizer()))
    parts.replace(
      #""hidden_size":1"#, with: #""hidden_size":1,"normalization_groups":\#(groups)"#,
      in: "charlm.network")
    let rejection = try Rejection(of: parts.bytes())
    let error = NetworkError.unequalGroups(count: groups, hiddenSize: 1)
    #expect(rejection == .model(.invalidNetwork(file: "test", error)))
    #expect(rejection.isOneSentence)
  }
}
