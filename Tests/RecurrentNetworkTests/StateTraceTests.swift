import Kernels
import RecurrentNetwork
import TestSupport
import Testing

@Suite struct StateTraceTests {
  /// Float32 with sums of a few dozen terms, over 40 steps.
  static let twinTolerance = 1e-5

  /// [T][layers][vectors][H]
  private func trace(
    _ tokens: [UInt16], pieces: [Range<Int>], windowLength: Int, weights: NetworkWeights,
    processor: Processor
  ) -> [[[[Float]]]] {
    let network = weights.configuration
    var trace = StateTrace(weights: weights, windowLength: windowLength, processor: processor)
    var state = RecurrentState(network)
    var result: [[[[Float]]]] = []
    for piece in pieces {
      trace.read(Array(tokens[piece]), state: &state) { position, step in
        #expect(piece.lowerBound + position == result.count)
        result.append(
          (0..<network.layerCount).map { layer in
            network.cell.tracedVectors.map { Array(step.values(of: $0, layer: layer)) }
          })
      }
    }
    return result
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func statesAndGatesEqualTheTwins(cell: TestedCell, instructionSet: InstructionSet) {
    let network = cell.network(
      vocabularySize: 13, embeddingSize: 6, hiddenSize: 21, layerCount: 2)
    let window = RandomWindow(configuration: network, stepCount: 40, batchSize: 1)
    let processor = Processor(instructionSet: instructionSet, threadCount: 2)
    let weights = NetworkWeights(
      configuration: network, parameters: ParameterBuffer(copying: window.parameters),
      processor: processor)
    let found = trace(
      window.inputs, pieces: [0..<40], windowLength: 256, weights: weights, processor: processor)
    let expected = window.twin.trace(window.inputs.map(Int.init))
    #expect(found.count == 40)
    #expect(Set(network.cell.tracedVectors) == Set(expected[0][0].keys))
    for layer in 0..<2 {
      for (vector, name) in network.cell.tracedVectors.enumerated() {
        let error = relativeError(
          found.flatMap { $0[layer][vector].map(Double.init) },
          expected.flatMap { $0[layer][name]! })
        #expect(error < Self.twinTolerance, "\(name) of layer \(layer): \(error)")
      }
    }
    let pieces = trace(
      window.inputs, pieces: [0..<1, 1..<18, 18..<18, 18..<40], windowLength: 7, weights: weights,
      processor: Processor(instructionSet: instructionSet, threadCount: 1))
    #expect(pieces == found)
  }

  /// Rounding of sums of a few terms in double precision.
  static let correlationTolerance = 1e-12

  @Test func correlationsArePearsons() throws {
    var correlations = UnitCorrelations(unitCount: 4, featureCount: 3)
    // Unit 0 is the feature, 1 its negative, 2 has the textbook value, 3 is constant.
    let units: [[Float]] = [[1, -1, 2, 5], [2, -2, 1, 5], [3, -3, 4, 5], [4, -4, 3, 5]]
    for values in units {
      values.withUnsafeBufferPointer {
        correlations.add($0, features: [Double(values[0]), values[0] == 1 ? 1 : 0, 7])
      }
    }
    func expect(_ unit: Int, _ feature: Int, _ expected: Double) throws {
      let found = try #require(correlations.correlation(unit: unit, feature: feature))
      #expect(abs(found - expected) < Self.correlationTolerance)
    }
    try expect(0, 0, 1)
    try expect(1, 0, -1)
    try expect(2, 0, 0.6)
    // The feature is 1 once in four tokens: (1 - 2.5) / 4 / sqrt(1.25 * 3 / 16).
    try expect(0, 1, -0.7745966692414834)
    #expect(correlations.correlation(unit: 3, feature: 0) == nil)
    #expect(correlations.correlation(unit: 0, feature: 2) == nil)
    #expect(correlations.mean(ofFeature: 0) == 2.5)
    #expect(correlations.mean(ofFeature: 2) == 7)
  }
}
