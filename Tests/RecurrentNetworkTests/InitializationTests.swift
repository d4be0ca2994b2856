import Foundation
import RecurrentNetwork
import TestSupport
import Testing

/// The weights before training.
@Suite struct InitializationTests {
  static func configuration(
    _ cell: CellKind = .lstm, vocabularySize: Int = 30, embeddingSize: Int = 50,
    hiddenSize: Int = 40, isTied: Bool = false
  ) -> NetworkConfiguration {
    NetworkConfiguration(
      cell: cell, vocabularySize: vocabularySize, embeddingSize: embeddingSize,
      hiddenSize: hiddenSize, layerCount: 2, tiesEmbeddings: isTied)
  }

  static func initialization(
    _ weights: Initialization.Scheme = .uniform,
    recurrent: Initialization.RecurrentScheme? = nil, forgetBias: Double? = nil
  ) -> Initialization {
    var initialization = Initialization()
    initialization.weights = weights
    initialization.recurrentWeights = recurrent
    initialization.forgetBias = forgetBias
    return initialization
  }

  /// FNV-1a over the bits of all parameters.
  static func digest(_ parameters: borrowing ParameterBuffer) -> UInt64 {
    (0..<parameters.count).reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64(parameters.start[$1].bitPattern)) &* 0x100_0000_01B3
    }
  }

  /// The digests of the numbers drawn by the version that had no choice of schemes.
  @Test func theDefaultIsWhatItAlwaysWas() {
    let digests: [(CellKind, UInt64)] = [
      (.lstm, 0xBAC7_27EC_3B13_B32A), (.gru, 0x17C7_84F5_4B84_4EF8), (.rnn, 0x05A5_4784_BCC7_BF17),
    ]
    for (cell, digest) in digests {
      let parameters = ParameterBuffer(configuration: Self.configuration(cell), seed: 7)
      #expect(Self.digest(parameters) == digest)
    }
  }

  // MARK: Uniform and Xavier

  /// Mean, variance and bounds of uniform numbers in ±bound.
  private func expectUniform(
    _ values: UnsafeMutableBufferPointer<Float>, bound: Double, _ what: String
  ) {
    let count = Double(values.count)
    let values = values.map(Double.init)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + $1 * $1 } / count
    let largest = values.map(abs).max()!
    // Five standard deviations: of the mean bound / sqrt(3 n), of the mean square bound^2 sqrt(4 /
    // 45 n).
    #expect(abs(mean) < 5 * bound / (3 * count).squareRoot(), "\(what)")
    #expect(
      abs(variance - bound * bound / 3) < 5 * bound * bound * (4 / (45 * count)).squareRoot(),
      "\(what)")
    // No number exceeds the bound, and the largest of n is within 10 / n of it except in one of
    // e^10 cases.
    #expect(largest <= bound * (1 + 1e-7) && largest > bound * (1 - 10 / count), "\(what)")
  }

  @Test(arguments: CellKind.allCases, Initialization.Scheme.allCases)
  func weightsAreUniformWithinTheirBounds(cell: CellKind, weights: Initialization.Scheme) {
    let configuration = Self.configuration(cell)
    let parameters = ParameterBuffer(
      configuration: configuration, initialization: Self.initialization(weights), seed: 1)
    let layout = parameters.layout
    func bound(_ tensor: ParameterLayout.Tensor) -> Double {
      let fans = Double(tensor.shape[0] + tensor.shape[1])
      return weights == .xavier ? (6 / fans).squareRoot() : 1 / 40.0.squareRoot()
    }
    let drawn = layout.layers.flatMap { [$0.inputWeight, $0.recurrentWeight] }
    for tensor in drawn + [layout.outputWeight] {
      expectUniform(parameters.values(of: tensor), bound: bound(tensor), tensor.name)
    }
    expectUniform(
      parameters.values(of: layout.embedding), bound: 3.0.squareRoot(), "embedding.weight")
    #expect(parameters.values(of: layout.outputBias).allSatisfy { $0 == 0 })
  }

  @Test(arguments: Initialization.Scheme.allCases)
  func tiedEmbeddingsHaveTheScaleOfAProjection(weights: Initialization.Scheme) {
    let configuration = Self.configuration(embeddingSize: 40, isTied: true)
    let parameters = ParameterBuffer(
      configuration: configuration, initialization: Self.initialization(weights), seed: 1)
    expectUniform(
      parameters.values(of: parameters.layout.embedding),
      bound: 4 / 40.0.squareRoot(), "embedding.weight")
  }

  @Test func recurrentWeightsFollowTheOthersUnlessChosen() {
    for weights in Initialization.Scheme.allCases {
      for recurrent in [nil] + Initialization.RecurrentScheme.allCases {
        guard recurrent != .orthogonal else { continue }
        let parameters = ParameterBuffer(
          configuration: Self.configuration(),
          initialization: Self.initialization(weights, recurrent: recurrent), seed: 1)
        let isXavier = recurrent.map { $0 == .xavier } ?? (weights == .xavier)
        expectUniform(
          parameters.values(of: parameters.layout.layers[1].recurrentWeight),
          bound: isXavier ? (6 / 200.0).squareRoot() : 1 / 40.0.squareRoot(),
          "\(weights), \(recurrent.map { "\($0)" } ?? "-")")
      }
    }
  }

  /// A choice for one kind of tensor does not change the numbers of the others.
  @Test func everyTensorHasItsOwnStream() {
    let plain = ParameterBuffer(configuration: Self.configuration(), seed: 1)
    let other = ParameterBuffer(
      configuration: Self.configuration(),
      initialization: Self.initialization(recurrent: .orthogonal, forgetBias: 2), seed: 1)
    for tensor in plain.layout.tensors {
      let isSame = plain.values(of: tensor).elementsEqual(other.values(of: tensor))
      #expect(
        isSame == !(tensor.name.contains("weight_hh") || tensor.name.contains("bias_ih")),
        "\(tensor.name)")
    }
  }

  // MARK: The forget gate

  @Test(arguments: [nil, 0, 2.5, -1])
  func theForgetGateAloneIsBiased(forgetBias: Double?) {
    for cell in CellKind.allCases {
      let parameters = ParameterBuffer(
        configuration: Self.configuration(cell, hiddenSize: 3),
        initialization: Self.initialization(forgetBias: forgetBias), seed: 1)
      let bias = Float(forgetBias ?? 1)
      for layer in parameters.layout.layers {
        let expected: [Float] =
          switch cell {
          case .lstm: [0, 0, 0, bias, bias, bias, 0, 0, 0, 0, 0, 0]  // i, f, g, o
          case .coupledLSTM: [bias, bias, bias, 0, 0, 0, 0, 0, 0]  // f, g, o
          case .gru, .rnn: Array(repeating: 0, count: 3 * cell.gateCount)
          }
        #expect(Array(parameters.values(of: layer.inputBias)) == expected)
        #expect(parameters.values(of: layer.recurrentBias).allSatisfy { $0 == 0 })
      }
    }
  }

  /// In the one gate whose opening keeps the state, as seen from the network's results.
  @Test func anOpenForgetGateKeepsTheStateAndAClosedOneDoesNot() {
    func distanceOfTwoTexts(forgetBias: Double) -> Double {
      let configuration = Self.configuration(vocabularySize: 4, embeddingSize: 3, hiddenSize: 6)
      let parameters = ParameterBuffer(
        configuration: configuration, initialization: Self.initialization(forgetBias: forgetBias),
        seed: 1)
      let twin = NaiveNetwork(configuration: configuration, copying: parameters)
      var states = [twin.zeroState(batchSize: 1), twin.zeroState(batchSize: 1)]
      for (index, first) in [0, 1].enumerated() {
        let inputs = [[first]] + Array(repeating: [2], count: 8)
        _ = twin.nats(inputs: inputs, targets: inputs, state: &states[index])
      }
      // The distance in c of layer 0 of two texts that differ only in the first token.
      return zip(states[0][0][0].cell, states[1][0][0].cell).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    let (open, closed) = (
      distanceOfTwoTexts(forgetBias: 5), distanceOfTwoTexts(forgetBias: -5)
    )
    #expect(open > 0.1 && closed < open / 1_000)
  }

  @Test func theOutputBiasIsTheLogarithmOfFrequencies() {
    let parameters = ParameterBuffer(configuration: Self.configuration(vocabularySize: 4), seed: 1)
    parameters.setOutputBias(counts: [0, 3, 5, 12])
    let bias = parameters.values(of: parameters.layout.outputBias)
    let expected = [1.0, 4, 6, 13].map { Float(log($0 / 24)) }
    #expect(zip(bias, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: CellKind.allCases)
  func gainsStartAtOne(cell: CellKind) {
    var configuration = Self.configuration(cell)
    configuration.normalizationGroups = 4
    let parameters = ParameterBuffer(configuration: configuration, seed: 1)
    let gains = parameters.layout.tensors.filter { $0.name.contains("gain") }
    #expect(gains.map(\.count).reduce(0, +) == 2 * (cell == .gru ? 160 : 40 * cell.gateCount))
    #expect(gains.allSatisfy { parameters.values(of: $0).allSatisfy { $0 == 1 } })
  }

  @Test func groupsOfUnequalSizeAreRefused() {
    for groups in [0, -1, 3, 41] {
      var configuration = Self.configuration()
      configuration.normalizationGroups = groups
      #expect(throws: NetworkError.unequalGroups(count: groups, hiddenSize: 40)) {
        try configuration.validate()
      }
    }
  }
}
