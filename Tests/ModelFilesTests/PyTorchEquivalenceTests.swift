import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing

/// A trained model gives the logits that PyTorch gives with the same file:
/// `scripts/compare-with-pytorch.py` made the fixture, and `Fixtures/README.md` says how.
@Suite struct PyTorchEquivalenceTests {
  /// The largest absolute difference of a logit and of the nats of a token. Logits are about 10 and
  /// PyTorch's own lie 1e-6 from those in double precision.
  static let tolerance = 1e-5

  let model: SafetensorsArchive
  let modelDigest: String
  let fixture: SafetensorsArchive
  /// [T]
  let tokens: [UInt16]
  /// [T, V]
  let logits: [Float]
  /// [T - 1]
  let nats: [Double]

  let isOfAnotherModel: Bool

  /// `CHARLM_TEST_MODEL` and `CHARLM_TEST_PYTORCH` name other files, to compare a model of any size by hand.
  init() throws {
    let environment = ProcessInfo.processInfo.environment
    isOfAnotherModel = environment["CHARLM_TEST_MODEL"] != nil
    func path(_ variable: String, _ fixture: String) throws -> String {
      try environment[variable]
        ?? #require(Bundle.module.path(forResource: "Fixtures/\(fixture)", ofType: "safetensors"))
    }
    let modelPath = try path("CHARLM_TEST_MODEL", "salt-road")
    model = try SafetensorsArchive(path: modelPath)
    modelDigest = try sha256(Array(Data(contentsOf: URL(filePath: modelPath))))
    fixture = try SafetensorsArchive(
      path: path("CHARLM_TEST_PYTORCH", "salt-road-pytorch"), verification: .ifPresent)
    tokens = try Self.elements(of: "tokens", .uint16, in: fixture)
    logits = try Self.elements(of: "logits", .float32, in: fixture)
    nats = try Self.elements(of: "nats", .float64, in: fixture)
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

  @Test func theFixtureBelongsToTheModel() throws {
    #expect(fixture.metadata["model.sha256"] == modelDigest)
    let vocabularySize = try readModel(.best).weights.configuration.vocabularySize
    #expect(try fixture.tensor(named: "logits").shape == [tokens.count, vocabularySize])
    #expect(nats.count == tokens.count - 1)
    let expected = tokens.indices.map { t in
      t == 0 ? 1 : ((UInt64(t) * 2_654_435_769 & 0xFFFF_FFFF) * UInt64(vocabularySize)) >> 32
    }
    #expect(tokens.map(UInt64.init) == expected)
    #expect(Set(tokens).count > vocabularySize / 2)
  }

  @Test(arguments: InstructionSet.available)
  func logitsAndNatsEqualThoseOfPyTorch(instructionSet: InstructionSet) throws {
    let processor = Processor(instructionSet: instructionSet, threadCount: 1)
    let weights = try TextModel(model, processor: processor).weights
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
    if isOfAnotherModel {
      print("\(instructionSet): logits differ by \(logitDifference), nats by \(natsDifference)")
    }
  }

  private func readModel(_ instructionSet: InstructionSet) throws -> TextModel {
    try TextModel(model, processor: Processor(instructionSet: instructionSet, threadCount: 1))
  }

  /// Infinite where the lengths differ or a difference is not a number.
  private static func largestDifference(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(largest, difference)
    }
  }
}
