import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing

/// A trained model gives the same logits as PyTorch with the same file. The fixtures were made by
/// `scripts/compare-with-pytorch.py`; see `Fixtures/README.md`.
@Suite struct PyTorchEquivalenceTests {
  /// The largest absolute difference of a logit and of the nats of a token. Logits are about 10,
  /// and PyTorch's own differ by 1e-6 from those in double precision.
  static let tolerance = 1e-5

  /// Models of every cell that PyTorch has; or the model given by `CHARLM_TEST_MODEL` and
  /// `CHARLM_TEST_PYTORCH`, to compare a model of any size by hand.
  static let models =
    environment["CHARLM_TEST_MODEL"] == nil
    ? [
      "salt-road", "salt-road-gru", "salt-road-rnn", "salt-road-relu", "salt-road-tied",
      "salt-road-lstm-normalized", "salt-road-gru-normalized", "salt-road-narrow",
    ]
    : ["CHARLM_TEST_MODEL"]

  static let environment = ProcessInfo.processInfo.environment

  @Test(arguments: models)
  func theFixtureBelongsToTheModel(name: String) throws {
    let comparison = try Comparison(name)
    let tokens = comparison.tokens
    #expect(comparison.fixture.metadata["model.sha256"] == comparison.modelDigest)
    let vocabularySize = try comparison.weights(.best).configuration.vocabularySize
    #expect(
      try comparison.fixture.tensor(named: "logits").shape == [tokens.count, vocabularySize])
    #expect(comparison.nats.count == tokens.count - 1)
    let expected = tokens.indices.map { t in
      t == 0 ? 1 : ((UInt64(t) * 2_654_435_769 & 0xFFFF_FFFF) * UInt64(vocabularySize)) >> 32
    }
    #expect(tokens.map(UInt64.init) == expected)
    #expect(Set(tokens).count > vocabularySize / 2)
  }

  @Test func theFixturesHoldEveryCellOfPyTorch() throws {
    guard Self.models.count > 1 else { return }
    let cells = try Self.models.map { name in
      let configuration = try Comparison(name).weights(.best).configuration
      return "\(configuration.cell) \(configuration.activation.map { "\($0)" } ?? "-")"
        + (configuration.tiesEmbeddings ? " tied" : "")
        + (configuration.projectsOutput ? " projected" : "")
        + (configuration.normalizationGroups == nil ? "" : " normalized")
    }
    #expect(
      cells == [
        "lstm -", "gru -", "rnn tanh", "rnn relu", "gru - tied",
        "lstm - normalized", "gru - normalized", "lstm - tied projected",
      ])
  }

  @Test(arguments: models, InstructionSet.available)
  func logitsAndNatsEqualThoseOfPyTorch(name: String, instructionSet: InstructionSet) throws {
    let comparison = try Comparison(name)
    let (tokens, logits, nats) = (comparison.tokens, comparison.logits, comparison.nats)
    let processor = Processor(instructionSet: instructionSet, threadCount: 1)
    let weights = try comparison.weights(instructionSet)
    var predictor = Predictor(weights: weights, processor: processor)

    var state = RecurrentState(weights.configuration)
    var row: [Float] = []
    var found: [Float] = []
    for token in tokens {
      predictor.advance([token], state: &state, logits: &row)
      found += row
    }
    let logitDifference = Self.largestDifference(found.map(Double.init), logits.map(Double.init))
    #expect(logitDifference < Self.tolerance)

    state = RecurrentState(weights.configuration)
    var previous = tokens[0]
    var foundNats: [Double] = []
    tokens[1...].withUnsafeBufferPointer {
      predictor.score($0, after: &previous, state: &state, nats: &foundNats)
    }
    let natsDifference = Self.largestDifference(foundNats, nats)
    #expect(natsDifference < Self.tolerance)
    if Self.models.count == 1 {
      print("\(instructionSet): logits differ by \(logitDifference), nats by \(natsDifference)")
    }
  }

  /// Infinite if the lengths differ or a difference is NaN.
  private static func largestDifference(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(largest, difference)
    }
  }
}

/// A model file and PyTorch's results for it.
private struct Comparison {
  let model: SafetensorsArchive
  let modelDigest: String
  let fixture: SafetensorsArchive
  /// [T]
  let tokens: [UInt16]
  /// [T, V]
  let logits: [Float]
  /// [T - 1]
  let nats: [Double]

  /// - Parameter name: of a fixture, or of the environment variable.
  init(_ name: String) throws {
    func path(_ variable: String, _ fixture: String) throws -> String {
      try PyTorchEquivalenceTests.environment[variable]
        ?? #require(Bundle.module.path(forResource: "Fixtures/\(fixture)", ofType: "safetensors"))
    }
    let modelPath = try path("CHARLM_TEST_MODEL", name)
    model = try SafetensorsArchive(path: modelPath)
    modelDigest = try sha256(Array(Data(contentsOf: URL(filePath: modelPath))))
    fixture = try SafetensorsArchive(
      path: path("CHARLM_TEST_PYTORCH", name + "-pytorch"), verification: .ifPresent)
    tokens = try Self.elements(of: "tokens", .uint16, in: fixture)
    logits = try Self.elements(of: "logits", .float32, in: fixture)
    nats = try Self.elements(of: "nats", .float64, in: fixture)
  }

  func weights(_ instructionSet: InstructionSet) throws -> NetworkWeights {
    try TextModel(model, processor: Processor(instructionSet: instructionSet, threadCount: 1))
      .weights
  }

  private static func elements<Element: BitwiseCopyable>(
    of name: String, _ elementType: TensorElementType, in archive: SafetensorsArchive
  ) throws -> [Element] {
    try #require(archive.tensor(named: name).elementType == elementType)
    return try archive.withBytes(of: name) { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Element>.size).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: Element.self)
      }
    }
  }
}
