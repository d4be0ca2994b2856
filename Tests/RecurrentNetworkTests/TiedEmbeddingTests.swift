import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// Embeddings that are the projection's weights: one tensor, two uses.
@Suite struct TiedEmbeddingTests {
  /// Windows here have 8 or 15 tokens: of 5 symbols all are read, of 40 some.
  static let vocabularySizes = [5, 40]

  static func configuration(
    _ cell: TestedCell, vocabularySize: Int, embeddingSize: Int? = nil, hiddenSize: Int = 3,
    layerCount: Int = 2, isTied: Bool = true
  ) -> NetworkConfiguration {
    var configuration = cell.network(
      vocabularySize: vocabularySize, embeddingSize: embeddingSize ?? hiddenSize,
      hiddenSize: hiddenSize, layerCount: layerCount)
    configuration.tiesEmbeddings = isTied
    return configuration
  }

  @Test func bothNamesHaveOneRange() throws {
    let configuration = Self.configuration(TestedCell.all[0], vocabularySize: 5)
    let layout = ParameterLayout(configuration)
    let untied = ParameterLayout(
      Self.configuration(TestedCell.all[0], vocabularySize: 5, isTied: false))
    #expect(layout.outputWeight.range == layout.embedding.range)
    #expect(layout.tensors.map(\.name) == untied.tensors.map(\.name))
    #expect(layout.tensors.map(\.shape) == untied.tensors.map(\.shape))
    #expect(layout.count == untied.count - 5 * 3)
    #expect(layout.tensors.map(\.range.upperBound).max() == layout.count)
    #expect(ParameterBuffer(layout: layout).count == layout.count)
  }

  @Test func anEmbeddingOfAnotherWidthHasAProjection() throws {
    let configuration = Self.configuration(
      TestedCell.all[0], vocabularySize: 5, embeddingSize: 4, hiddenSize: 3, layerCount: 1)
    try configuration.validate()
    let layout = ParameterLayout(configuration)
    #expect(
      layout.tensors.suffix(3).map(\.name)
        == ["project_out.weight", "lm_head.weight", "lm_head.bias"])
    #expect(layout.outputProjection?.shape == [4, 3])
    #expect(layout.outputWeight.shape == [5, 4])
    #expect(layout.outputWeight.range == layout.embedding.range)
    let same = ParameterLayout(Self.configuration(TestedCell.all[0], vocabularySize: 5))
    #expect(same.outputProjection == nil)
    let untied = Self.configuration(
      TestedCell.all[0], vocabularySize: 5, embeddingSize: 4, hiddenSize: 3, isTied: false)
    #expect(ParameterLayout(untied).outputProjection == nil)
  }

  @Test(arguments: TestedCell.all, [(3, 1), (3, 2), (2, 1), (4, 2)])
  func twinBackwardMatchesCentralDifferences(
    cell: TestedCell, sizes: (embeddingSize: Int, layerCount: Int)
  ) {
    let configuration = Self.configuration(
      cell, vocabularySize: 5, embeddingSize: sizes.embeddingSize, layerCount: sizes.layerCount)
    let window = RandomWindow(configuration: configuration, stepCount: 4, batchSize: 2)
    let network = window.twin
    let (inputs, targets) = (window.twinInputs, window.twinTargets)
    let state = network.zeroState(batchSize: 2)
    let analytic = network.gradients(inputs: inputs, targets: targets, state: state)
    #expect(analytic.count == ParameterLayout(configuration).count)
    let numeric = network.centralDifferences(inputs: inputs, targets: targets, state: state)
    for tensor in network.layout.tensors {
      let error = relativeError(Array(analytic[tensor.range]), Array(numeric[tensor.range]))
      #expect(error <= GradientTests.differenceTolerance, "\(tensor.name)")
    }
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func fastBackwardEqualsTwin(cell: TestedCell, instructionSet: InstructionSet) {
    for (vocabularySize, embeddingSize, hiddenSize, layerCount) in [
      (5, 3, 3, 1), (5, 17, 17, 2), (40, 17, 17, 1), (40, 33, 33, 2),
      (5, 2, 3, 1), (40, 7, 17, 2), (40, 35, 33, 1), (300, 16, 48, 2),
    ] {
      let configuration = Self.configuration(
        cell, vocabularySize: vocabularySize, embeddingSize: embeddingSize, hiddenSize: hiddenSize,
        layerCount: layerCount)
      let window = RandomWindow(configuration: configuration, stepCount: 5, batchSize: 3)
      let twin = window.twin
      let expected = twin.gradients(
        inputs: window.twinInputs, targets: window.twinTargets,
        state: twin.zeroState(batchSize: 3))
      let found = Self.gradients(window, instructionSet)
      for tensor in twin.layout.tensors {
        let error = relativeError(Array(found[tensor.range]), Array(expected[tensor.range]))
        #expect(error <= GradientTests.twinTolerance, "\(tensor.name), \(configuration)")
      }
    }
  }

  @Test(arguments: TestedCell.all, vocabularySizes)
  func theGradientIsTheSumOfThoseOfBothUses(cell: TestedCell, vocabularySize: Int) {
    let tied = RandomWindow(
      configuration: Self.configuration(cell, vocabularySize: vocabularySize), stepCount: 5,
      batchSize: 3)
    let separate = RandomWindow(
      configuration: Self.configuration(cell, vocabularySize: vocabularySize, isTied: false),
      stepCount: 5, batchSize: 3)
    let (tiedLayout, layout) = (tied.parameters.layout, separate.parameters.layout)
    for (source, destination) in zip(tiedLayout.tensors, layout.tensors) {
      _ = separate.parameters.values(of: destination).update(
        fromContentsOf: tied.parameters.values(of: source))
    }
    let found = Self.gradients(tied, .best)
    let parts = Self.gradients(
      separate, .best, inputs: tied.inputs, targets: tied.targets)
    let sum = zip(parts[layout.embedding.range], parts[layout.outputWeight.range]).map { $0 + $1 }
    #expect(
      relativeError(Array(found[tiedLayout.embedding.range]), sum) < GradientTests.twinTolerance)
    for part in [layout.embedding, layout.outputWeight] {
      #expect(relativeError(Array(parts[part.range]), sum) > 0.01, "one use must not be all")
    }
    #expect(
      Array(found[tiedLayout.outputBias.range]) == Array(parts[layout.outputBias.range]))
  }

  @Test(arguments: TestedCell.all)
  func predictionsAreThoseOfEqualWeightsThatAreNotTied(cell: TestedCell) {
    func logits(isTied: Bool) -> [Float] {
      let configuration = Self.configuration(
        cell, vocabularySize: 13, hiddenSize: 21, isTied: isTied)
      let parameters = ParameterBuffer(layout: ParameterLayout(configuration))
      let values = RandomWindow(
        configuration: Self.configuration(cell, vocabularySize: 13, hiddenSize: 21), stepCount: 1,
        batchSize: 1)
      for (source, destination) in zip(values.parameters.layout.tensors, parameters.layout.tensors)
      {
        _ = parameters.values(of: destination).update(
          fromContentsOf: values.parameters.values(of: source))
      }
      let processor = Processor(threadCount: 1)
      var predictor = Predictor(
        weights: NetworkWeights(
          configuration: configuration, parameters: parameters, processor: processor),
        processor: processor)
      var state = RecurrentState(configuration)
      var logits: [Float] = []
      predictor.advance([1, 7, 3, 12], state: &state, logits: &logits)
      return logits
    }
    #expect(logits(isTied: true) == logits(isTied: false))
  }

  /// Read token by token, in lanes, side by side and with weights of 8 bits.
  @Test(arguments: TestedCell.all, InstructionSet.available)
  func projectedPredictionsEqualTwin(cell: TestedCell, instructionSet: InstructionSet) {
    let configuration = Self.configuration(
      cell, vocabularySize: 13, embeddingSize: 7, hiddenSize: 21)
    let window = RandomWindow(configuration: configuration, stepCount: 1, batchSize: 1)
    let twin = window.twin
    var twinState = twin.zeroState(batchSize: 1)
    let tokens: [UInt16] = [1, 7, 3, 12]
    let expected = twin.logits(inputs: tokens.map { [Int($0)] }, state: &twinState)
      .map { $0[0] }
    let processor = Processor(instructionSet: instructionSet, threadCount: 2)
    for precision in [WeightPrecision.float32, .int8] {
      let weights = NetworkWeights(
        configuration: configuration, parameters: ParameterBuffer(copying: window.parameters),
        precision: precision, processor: processor)
      let tolerance = precision == .float32 ? GradientTests.twinTolerance : 0.05
      var predictor = Predictor(weights: weights, processor: processor)
      var state = RecurrentState(configuration)
      var logits: [Float] = []
      predictor.advance(tokens, state: &state, logits: &logits)
      #expect(relativeError(logits.map(Double.init), expected.last!) <= tolerance)
      var batch = BatchPredictor(
        weights: weights, states: Array(repeating: RecurrentState(configuration), count: 3),
        processor: processor)
      for (token, expected) in zip(tokens, expected) {
        let rows = batch.advance([token, token, token])
        for row in 0..<3 {
          let found = (0..<13).map { Double(rows.row(row)[$0]) }
          #expect(relativeError(found, expected) <= tolerance)
        }
      }
    }
  }

  /// From a zero state.
  /// - Parameters:
  ///   - inputs, targets: instead of the window's own.
  private static func gradients(
    _ window: borrowing RandomWindow, _ instructionSet: InstructionSet,
    inputs: [UInt16]? = nil, targets: [UInt16]? = nil
  ) -> [Double] {
    var pass = BackpropagationThroughTime(
      configuration: window.configuration, batchSize: window.batchSize,
      windowLength: window.stepCount, dropout: .none,
      processor: Processor(instructionSet: instructionSet, threadCount: 2))
    var gradients = ParameterBuffer(layout: ParameterLayout(window.configuration))
    _ = pass.accumulateGradients(
      inputs: inputs ?? window.inputs, targets: targets ?? window.targets,
      stepCount: window.stepCount, parameters: window.parameters, into: &gradients,
      dropoutStream: RandomStream(seed: 1))
    return (0..<gradients.count).map { Double(gradients.start[$0]) }
  }
}
