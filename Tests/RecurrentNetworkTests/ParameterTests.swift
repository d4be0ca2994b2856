import RecurrentNetwork
import Testing

@Suite struct ParameterTests {
  static let configuration = NetworkConfiguration(
    vocabularySize: 5, embeddingSize: 3, hiddenSize: 4, layerCount: 2)

  @Test func namesAndShapesArePyTorchs() {
    let layout = ParameterLayout(Self.configuration)
    let table = layout.tensors.map { "\($0.name) \($0.shape)" }
    #expect(
      table == [
        "embedding.weight [5, 3]", "rnn.weight_ih_l0 [16, 3]", "rnn.weight_hh_l0 [16, 4]",
        "rnn.bias_ih_l0 [16]", "rnn.bias_hh_l0 [16]", "rnn.weight_ih_l1 [16, 4]",
        "rnn.weight_hh_l1 [16, 4]", "rnn.bias_ih_l1 [16]", "rnn.bias_hh_l1 [16]",
        "lm_head.weight [5, 4]", "lm_head.bias [5]",
      ])
  }

  @Test func layersHaveGTimesHRowsOfEachCell() {
    for (cell, gates) in [(CellKind.lstm, 4), (.gru, 3), (.rnn, 1)] {
      let layer = ParameterLayout(
        NetworkConfiguration(
          cell: cell, vocabularySize: 5, embeddingSize: 3, hiddenSize: 4, layerCount: 1)
      ).layers[0]
      #expect(layer.inputWeight.shape == [gates * 4, 3])
      #expect(layer.recurrentWeight.shape == [gates * 4, 4])
      #expect([layer.inputBias.shape, layer.recurrentBias.shape] == [[gates * 4], [gates * 4]])
      let parameters = ParameterBuffer(
        configuration: NetworkConfiguration(
          cell: cell, vocabularySize: 5, embeddingSize: 3, hiddenSize: 4, layerCount: 1), seed: 1)
      #expect(parameters.values(of: layer.inputBias).contains(1) == (cell.stateVectorCount > 1))
    }
  }

  @Test func anActivationIsOfTheSimpleNetworkOnly() throws {
    var configuration = Self.configuration
    #expect(configuration.activation == nil)
    configuration.activation = .relu
    for cell in [CellKind.lstm, .gru] {
      configuration.cell = cell
      #expect(throws: NetworkError.activationNotApplicable(.relu, cell)) {
        try configuration.validate()
      }
    }
    configuration.cell = .rnn
    try configuration.validate()
  }

  @Test func tensorsFollowEachOtherWithoutGaps() {
    let layout = ParameterLayout(Self.configuration)
    var end = 0
    for tensor in layout.tensors {
      #expect(tensor.offset == end)
      end += tensor.count
    }
    #expect(layout.count == end)
    #expect(end == 15 + (48 + 64 + 32) + (64 + 64 + 32) + 20 + 5)
  }

  @Test func initialValuesAreWhatIsDocumented() {
    let parameters = ParameterBuffer(configuration: Self.configuration, seed: 1)
    let layout = parameters.layout
    for layer in layout.layers {
      #expect(
        Array(parameters.values(of: layer.inputBias))
          == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
      #expect(parameters.values(of: layer.recurrentBias).allSatisfy { $0 == 0 })
      #expect(parameters.values(of: layer.recurrentWeight).allSatisfy { abs($0) <= 0.5 })
      #expect(parameters.values(of: layer.recurrentWeight).contains { abs($0) > 0.25 })
    }
    #expect(parameters.values(of: layout.outputBias).allSatisfy { $0 == 0 })
    #expect(parameters.values(of: layout.embedding).contains { abs($0) > 1 })
  }

  @Test func embeddingsHaveUnitVariance() {
    let configuration = NetworkConfiguration(
      vocabularySize: 100, embeddingSize: 100, hiddenSize: 4, layerCount: 1)
    let parameters = ParameterBuffer(configuration: configuration, seed: 1)
    let values = parameters.values(of: parameters.layout.embedding).map(Double.init)
    let mean = values.reduce(0, +) / 10_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000
    // Five standard deviations of the estimates from 10,000 uniform draws.
    #expect(abs(mean) < 0.05)
    #expect(abs(variance - 1) < 0.045)
  }

  @Test func seedsDecideTheInitialValues() {
    func values(_ seed: UInt64) -> [Float] {
      let parameters = ParameterBuffer(configuration: Self.configuration, seed: seed)
      return (0..<parameters.count).map { parameters.start[$0] }
    }
    #expect(values(1) == values(1))
    #expect(values(1) != values(2))
  }

  @Test(arguments: [
    (\NetworkConfiguration.vocabularySize, "vocabulary size"),
    (\.embeddingSize, "embedding size"), (\.hiddenSize, "hidden size"),
    (\.layerCount, "number of layers"),
  ])
  func sizesOutOfRangeAreRefused(
    path: WritableKeyPath<NetworkConfiguration, Int> & Sendable, name: String
  ) throws {
    try Self.configuration.validate()
    for value in [Int.min, -1, 0, 65_537, Int.max] {
      var configuration = Self.configuration
      configuration[keyPath: path] = value
      #expect {
        try configuration.validate()
      } throws: { error in
        guard case NetworkError.sizeOutOfRange(name, value, _) = error else { return false }
        return "\(error)".contains("\(value)")
      }
    }
  }
}
