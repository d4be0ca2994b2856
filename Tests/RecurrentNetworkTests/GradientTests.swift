import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// Proves gradients in two steps: central differences prove the naive twin, and the fast code must
/// equal the twin on every instruction set.
@Suite struct GradientTests {
  /// Central differences in double precision have an error of about 1e-9.
  static let differenceTolerance = 1e-6
  /// Float32 with sums of at most a few hundred terms.
  static let twinTolerance = 1e-4

  @Test(arguments: TestedCell.all, [1, 2, 3])
  func twinBackwardMatchesCentralDifferences(cell: TestedCell, layerCount: Int) {
    let configuration = cell.network(
      vocabularySize: 5, embeddingSize: 2, hiddenSize: 3, layerCount: layerCount)
    func masks(_ rowCount: Int) -> [[[Double]]] {
      (0..<layerCount).map { layer in
        (0..<rowCount).map { row in
          (0..<3).map { (2 * layer + row / 2 + row + $0) % 3 == 0 ? 0 : 1.5 }
        }
      }
    }
    let gateSize = ParameterLayout(configuration).layers[0].recurrentBias.count
    let embedding = [0, 2, 2, 0, 2.0]
    for masks in [
      .none, NaiveMasks(output: masks(2)), NaiveMasks(output: masks(8)),
      NaiveMasks(embedding: embedding), NaiveMasks(recurrent: masks(gateSize)),
      NaiveMasks(output: masks(8), embedding: embedding, recurrent: masks(gateSize)),
    ] {
      checkTwin(configuration, masks)
    }
  }

  private func checkTwin(_ configuration: NetworkConfiguration, _ masks: NaiveMasks) {
    let window = RandomWindow(configuration: configuration, stepCount: 4, batchSize: 2)
    let network = window.twin
    let (inputs, targets) = (window.twinInputs, window.twinTargets)
    var state = network.zeroState(batchSize: 2)
    _ = network.nats(inputs: inputs, targets: targets, state: &state)
    let analytic = network.gradients(inputs: inputs, targets: targets, state: state, masks: masks)
    let numeric = network.centralDifferences(
      inputs: inputs, targets: targets, state: state, masks: masks)
    for tensor in network.layout.tensors {
      let error = relativeError(Array(analytic[tensor.range]), Array(numeric[tensor.range]))
      #expect(
        error <= Self.differenceTolerance, "\(tensor.name), masks: \(masks)")
    }
  }

  struct Shape: CustomTestStringConvertible {
    var layers: Int, hidden: Int, embedding: Int, vocabulary: Int, batch: Int, steps: Int
    var testDescription: String {
      "L=\(layers) H=\(hidden) E=\(embedding) V=\(vocabulary) B=\(batch) T=\(steps)"
    }

    /// Odd sizes; with V above T B most of the vocabulary is not read. Every hidden size occurs
    /// with both batch sizes, every number of layers and both vocabularies.
    static let all: [Shape] = [1, 3, 17, 33].enumerated().flatMap { index, hidden in
      [1, 2, 3].map { layers in
        Shape(
          layers: layers, hidden: hidden, embedding: hidden == 17 ? 6 : hidden + 2,
          vocabulary: (layers + index / 2) % 2 == 0 ? 40 : 5,
          batch: (layers + index) % 2 == 0 ? 1 : 5, steps: 6)
      }
    }
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func fastBackwardEqualsTwin(cell: TestedCell, instructionSet: InstructionSet) {
    for (index, shape) in Shape.all.enumerated() {
      let dropout = index % 4 < 2 ? Dropout(layerOutput: 0.3) : .none
      Self.checkFastBackward(
        cell, shape, instructionSet, dropout: dropout, windowLength: shape.steps)
    }
  }

  /// Two windows of `shape` in a pass whose windows may be longer.
  static func checkFastBackward(
    _ cell: TestedCell, _ shape: Shape, _ instructionSet: InstructionSet, dropout: Dropout,
    windowLength: Int
  ) {
    let configuration = cell.network(
      vocabularySize: shape.vocabulary, embeddingSize: shape.embedding, hiddenSize: shape.hidden,
      layerCount: shape.layers)
    let window = RandomWindow(
      configuration: configuration, stepCount: shape.steps, batchSize: shape.batch)
    var pass = BackpropagationThroughTime(
      configuration: configuration, batchSize: shape.batch, windowLength: windowLength,
      dropout: dropout, processor: Processor(instructionSet: instructionSet, threadCount: 2))
    let twin = window.twin
    var state = twin.zeroState(batchSize: shape.batch)
    // The second window starts from a nonzero state.
    for seed in 3...4 as ClosedRange<UInt64> {
      var gradients = ParameterBuffer(layout: twin.layout)
      let nats = pass.accumulateGradients(
        inputs: window.inputs, targets: window.targets, stepCount: shape.steps,
        parameters: window.parameters, into: &gradients, dropoutStream: RandomStream(seed: seed))
      pass.carryState(stepCount: shape.steps)
      let masks = NaiveMasks(of: pass)
      let expected = twin.gradients(
        inputs: window.twinInputs, targets: window.twinTargets, state: state, masks: masks)
      let expectedNats = twin.nats(
        inputs: window.twinInputs, targets: window.twinTargets, state: &state, masks: masks
      ).joined().reduce(0, +)
      #expect(abs(nats - expectedNats) <= twinTolerance * expectedNats, "\(shape) \(dropout)")
      for tensor in twin.layout.tensors {
        let error = relativeError(
          gradients.values(of: tensor).map(Double.init), Array(expected[tensor.range]))
        #expect(error <= twinTolerance, "\(tensor.name) of \(shape) \(dropout)")
      }
    }
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func gradientsAreTheSameToTheBitForAnyNumberOfThreads(
    cell: TestedCell, instructionSet: InstructionSet
  ) {
    for (vocabulary, maskKind) in [
      (11, Dropout.MaskKind.locked), (11, .perStep), (200, .locked), (200, .perStep),
    ] {
      let dropout = Dropout(
        layerOutput: 0.2, maskKind: maskKind, embedding: 0.2, recurrentWeight: 0.2)
      let configuration = cell.network(
        vocabularySize: vocabulary, embeddingSize: 9, hiddenSize: 21, layerCount: 2)
      let window = RandomWindow(configuration: configuration, stepCount: 4, batchSize: 13)
      checkGradientBits(
        of: window, dropout: dropout, instructionSet, threadCounts: [2, 3, 4, 8])
    }
  }

  /// In layers as large as here, threads share units, or rows and units.
  @Test(arguments: TestedCell.all, InstructionSet.available)
  func sharingUnitsChangesNoBit(cell: TestedCell, instructionSet: InstructionSet) {
    let hiddenSize = [4: 256, 3: 320, 1: 512][cell.kind.gateCount]!
    let configuration = cell.network(
      vocabularySize: 5, embeddingSize: 4, hiddenSize: hiddenSize, layerCount: 2)
    for batchSize in [2, 12] {
      let window = RandomWindow(
        configuration: configuration, stepCount: 3, batchSize: batchSize)
      if configuration.normalizationGroups == nil {
        let shards = configuration.shards(
          batchSize: batchSize, windowLength: 3,
          processor: Processor(instructionSet: instructionSet, threadCount: 64))
        #expect(shards.rowParts > 1 && shards.columnParts > 1)
      }
      checkGradientBits(of: window, dropout: .none, instructionSet, threadCounts: [3, 5, 64])
    }
  }

  /// More threads take larger blocks of logits.
  @Test func aLargeAlphabetHasTheSameGradientsForAnyNumberOfThreads() {
    let configuration = TestedCell.all[0].network(
      vocabularySize: 9_000, embeddingSize: 4, hiddenSize: 32, layerCount: 1)
    let window = RandomWindow(configuration: configuration, stepCount: 20, batchSize: 15)
    checkGradientBits(of: window, dropout: .none, .best, threadCounts: [2, 3, 32])
  }

  /// Compares the gradients of a window with those computed by one thread, bit for bit.
  private func checkGradientBits(
    of window: borrowing RandomWindow, dropout: Dropout, _ instructionSet: InstructionSet,
    threadCounts: [Int]
  ) {
    let layout = ParameterLayout(window.configuration)
    let gradients = ([1] + threadCounts).map { threadCount in
      var pass = BackpropagationThroughTime(
        configuration: window.configuration, batchSize: window.batchSize,
        windowLength: window.stepCount, dropout: dropout,
        processor: Processor(instructionSet: instructionSet, threadCount: threadCount))
      var gradients = ParameterBuffer(layout: layout)
      _ = pass.accumulateGradients(
        inputs: window.inputs, targets: window.targets, stepCount: window.stepCount,
        parameters: window.parameters, into: &gradients, dropoutStream: RandomStream(seed: 1))
      return (0..<gradients.count).map { gradients.start[$0].bitPattern }
    }
    #expect(Set(gradients[0]).count > 100)
    for (threadCount, found) in zip(threadCounts, gradients.dropFirst()) {
      #expect(found == gradients[0], "\(threadCount) threads")
    }
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func twoCarriedWindowsEqualOneOfTwiceTheLength(
    cell: TestedCell, instructionSet: InstructionSet
  ) {
    let configuration = cell.network(
      vocabularySize: 9, embeddingSize: 5, hiddenSize: 17, layerCount: 2)
    let window = RandomWindow(configuration: configuration, stepCount: 12, batchSize: 5)
    func nats(windowLength: Int) -> Double {
      var pass = BackpropagationThroughTime(
        configuration: configuration, batchSize: 5, windowLength: windowLength, dropout: .none,
        processor: Processor(instructionSet: instructionSet, threadCount: 1))
      var gradients = ParameterBuffer(layout: ParameterLayout(configuration))
      var sum = 0.0
      for first in stride(from: 0, to: 12, by: windowLength) {
        sum += pass.accumulateGradients(
          inputs: Array(window.inputs[(first * 5)...]),
          targets: Array(window.targets[(first * 5)...]), stepCount: windowLength,
          parameters: window.parameters, into: &gradients, dropoutStream: RandomStream(seed: 1))
        pass.carryState(stepCount: windowLength)
      }
      return sum
    }
    let whole = nats(windowLength: 12)
    // The same additions in another grouping, in double precision.
    #expect(abs(nats(windowLength: 6) - whole) <= 1e-12 * whole)
    #expect(abs(nats(windowLength: 4) - whole) <= 1e-12 * whole)
  }

  /// A window must not find the table rows of another window's tokens.
  @Test(arguments: TestedCell.all)
  func aWindowOwesNothingToTheTokensOfTheOneBefore(cell: TestedCell) {
    let configuration = cell.network(
      vocabularySize: 30, embeddingSize: 4, hiddenSize: 5, layerCount: 1)
    let windows = (1...3).map { seed in
      RandomWindow(configuration: configuration, stepCount: 4, batchSize: 3, seed: seed).inputs
    }
    let window = RandomWindow(configuration: configuration, stepCount: 4, batchSize: 3)
    func makePass() -> BackpropagationThroughTime {
      BackpropagationThroughTime(
        configuration: configuration, batchSize: 3, windowLength: 4, dropout: .none,
        processor: Processor(threadCount: 1))
    }
    func gradients(_ pass: inout BackpropagationThroughTime, _ inputs: [UInt16]) -> [Float] {
      var gradients = ParameterBuffer(layout: ParameterLayout(configuration))
      pass.resetState()
      _ = pass.accumulateGradients(
        inputs: inputs, targets: window.targets, stepCount: 4, parameters: window.parameters,
        into: &gradients, dropoutStream: RandomStream(seed: 1))
      return (0..<gradients.count).map { gradients.start[$0] }
    }
    var pass = makePass()
    for inputs in windows {
      var fresh = makePass()
      #expect(gradients(&pass, inputs) == gradients(&fresh, inputs))
    }
  }

  @Test(arguments: TestedCell.all)
  func gradientsAccumulate(cell: TestedCell) {
    let configuration = cell.network(
      vocabularySize: 7, embeddingSize: 4, hiddenSize: 5, layerCount: 1)
    let window = RandomWindow(configuration: configuration, stepCount: 3, batchSize: 2)
    var pass = BackpropagationThroughTime(
      configuration: configuration, batchSize: 2, windowLength: 3, dropout: .none,
      processor: Processor(threadCount: 1))
    var gradients = ParameterBuffer(layout: ParameterLayout(configuration))
    func accumulate() {
      _ = pass.accumulateGradients(
        inputs: window.inputs, targets: window.targets, stepCount: 3,
        parameters: window.parameters, into: &gradients, dropoutStream: RandomStream(seed: 1))
    }
    accumulate()
    let once = (0..<gradients.count).map { Double(gradients.start[$0]) }
    accumulate()
    let twice = (0..<gradients.count).map { Double(gradients.start[$0]) }
    #expect(relativeError(twice, once.map { 2 * $0 }) < 1e-6)
  }
}
