import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// Embeddings that are the projection's weights: one tensor, two uses.
@Suite struct TiedEmbeddingTests {
  /// Windows here have 8 or 15 tokens: of 5 symbols all are read, of 40 some.
  static let vocabularySizes = [5, 40]

  static func configuration(
    _ cell: TestedCell, vocabularySize: Int, hiddenSize: Int = 3, layerCount: Int = 2,
    isTied: Bool = true
  ) -> NetworkConfiguration {
    var configuration = cell.network(
      vocabularySize: vocabularySize, embeddingSize: hiddenSize, hiddenSize: hiddenSize,
      layerCount: layerCount)
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

  @Test func anEmbeddingOfAnotherWidthIsRefused() throws {
    var configuration = Self.configuration(TestedCell.all[0], vocabularySize: 5)
    try configuration.validate()
    configuration.embeddingSize = 4
    #expect(throws: NetworkError.tiedSizesDiffer(embeddingSize: 4, hiddenSize: 3)) {
      try configuration.validate()
    }
    configuration.tiesEmbeddings = false
    try configuration.validate()
  }

  @Test(arguments: TestedCell.all, [1, 2])
  func twinBackwardMatchesCentralDifferences(cell: TestedCell, layerCount: Int) {
    let configuration = Self.configuration(cell, vocabularySize: 5, layerCount: layerCount)
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
    for (vocabularySize, hiddenSize, layerCount) in [
      (5, 3, 1), (5, 17, 2), (40, 17, 1), (40, 33, 2),
    ] {
      let configuration = Self.configuration(
        cell, vocabularySize: vocabularySize, hiddenSize: hiddenSize, layerCount: layerCount)
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
