import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// What is dropped, how often and for how long, and that the backward pass agrees.
@Suite struct DropoutTests {
  static let everything = Dropout(
    layerOutput: 0.3, maskKind: .perStep, embedding: 0.25, recurrentWeight: 0.4)

  /// A pass over one window, with its gradients.
  struct Run: ~Copyable {
    var pass: BackpropagationThroughTime
    var gradients: ParameterBuffer
    let window: RandomWindow

    init(
      _ dropout: Dropout, cell: CellKind = .lstm, vocabularySize: Int = 400, hiddenSize: Int = 50,
      batchSize: Int = 20, stepCount: Int = 5
    ) {
      let configuration = NetworkConfiguration(
        cell: cell, vocabularySize: vocabularySize, embeddingSize: 3, hiddenSize: hiddenSize,
        layerCount: 2)
      window = RandomWindow(
        configuration: configuration, stepCount: stepCount, batchSize: batchSize)
      pass = BackpropagationThroughTime(
        configuration: configuration, batchSize: batchSize, windowLength: stepCount,
        dropout: dropout, processor: Processor(threadCount: 2))
      gradients = ParameterBuffer(layout: ParameterLayout(configuration))
    }

    /// Adds the gradients of the window.
    mutating func accumulate(seed: UInt64) {
      _ = pass.accumulateGradients(
        inputs: window.inputs, targets: window.targets, stepCount: window.stepCount,
        parameters: window.parameters, into: &gradients, dropoutStream: RandomStream(seed: seed))
    }

    mutating func masks(seed: UInt64) -> NaiveMasks {
      accumulate(seed: seed)
      return NaiveMasks(of: pass)
    }

    var allGradients: [Double] { (0..<gradients.count).map { Double(gradients.start[$0]) } }

    /// The rows of a tensor's gradient.
    func rows(of tensor: (ParameterLayout) -> ParameterLayout.Tensor) -> [[Double]] {
      let tensor = tensor(gradients.layout)
      let values = gradients.values(of: tensor)
      let width = tensor.shape[1]
      return (0..<tensor.shape[0]).map { row in
        (0..<width).map { Double(values[row * width + $0]) }
      }
    }
  }

  // MARK: Gradients

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func everyDropoutsBackwardEqualsTheTwin(cell: TestedCell, instructionSet: InstructionSet) {
    for dropout in [
      Dropout(layerOutput: 0.3, maskKind: .perStep), Dropout(embedding: 0.3),
      Dropout(recurrentWeight: 0.3), Self.everything,
    ] {
      for vocabulary in [7, 30] {
        let shape = GradientTests.Shape(
          layers: 2, hidden: 9, embedding: 6, vocabulary: vocabulary, batch: 3, steps: 4)
        GradientTests.checkFastBackward(
          cell, shape, instructionSet, dropout: dropout, windowLength: 5)
      }
    }
  }

  @Test(arguments: [CellKind.lstm, .gru])
  func gradientsOfWindowsWithTheirOwnMasksAdd(cell: CellKind) {
    var both = Run(Self.everything, cell: cell, vocabularySize: 9)
    both.accumulate(seed: 1)
    let first = both.allGradients
    both.accumulate(seed: 2)
    var second = Run(Self.everything, cell: cell, vocabularySize: 9)
    second.accumulate(seed: 2)
    let expected = zip(first, second.allGradients).map { $0 + $1 }
    #expect(relativeError(both.allGradients, expected) < 1e-6)
  }

  @Test(arguments: [9, 400])
  func aDroppedSymbolLearnsNothingAndAKeptOneDoes(vocabularySize: Int) {
    var run = Run(Dropout(embedding: 0.5), vocabularySize: vocabularySize)
    let mask = run.masks(seed: 3).embedding!
    let inputs = Set(run.window.inputs.map(Int.init))
    #expect(inputs.contains { mask[$0] == 0 } && inputs.contains { mask[$0] > 0 })
    for (symbol, row) in run.rows(of: \.embedding).enumerated() {
      let isRead = inputs.contains(symbol) && mask[symbol] > 0
      #expect(row.allSatisfy { ($0 != 0) == isRead }, "symbol \(symbol)")
    }
  }

  @Test(arguments: CellKind.allCases)
  func aDroppedRecurrentWeightLearnsNothingAndAKeptOneDoes(cell: CellKind) {
    var run = Run(Dropout(recurrentWeight: 0.5), cell: cell)
    let masks = run.masks(seed: 3).recurrent!
    for layer in 0..<2 {
      for (mask, row) in zip(masks[layer], run.rows(of: { $0.layers[layer].recurrentWeight })) {
        #expect(zip(mask, row).allSatisfy { ($0 > 0) == ($1 != 0) })
      }
    }
  }

  // MARK: Statistics

  /// Five standard deviations of n draws, which one run in two million exceeds.
  private func checkShare(_ masks: some Sequence<Double>, rate: Double) {
    let values = Array(masks)
    let count = Double(values.count)
    #expect(Set(values) == [0, Double(Float(1 / (1 - rate)))])
    let dropped = Double(values.count { $0 == 0 })
    #expect(abs(dropped - count * rate) < 5 * (count * rate * (1 - rate)).squareRoot())
    let mean = values.reduce(0, +) / count
    #expect(abs(mean - 1) < 5 * (rate / (1 - rate) / count).squareRoot())
  }

  @Test(arguments: [0.1, 0.5, 0.9])
  func eachDropsItsShareAndKeepsTheMean(rate: Double) {
    for maskKind in Dropout.MaskKind.allCases {
      let dropout = Dropout(
        layerOutput: rate, maskKind: maskKind, embedding: rate, recurrentWeight: rate)
      var run = Run(dropout)
      let masks = run.masks(seed: 1)
      checkShare(masks.output!.joined().joined(), rate: rate)
      checkShare(masks.embedding!, rate: rate)
      checkShare(masks.recurrent!.joined().joined(), rate: rate)
    }
  }

  @Test func theRatesAreEachTheirOwn() {
    var run = Run(Self.everything)
    let masks = run.masks(seed: 1)
    checkShare(masks.output!.joined().joined(), rate: 0.3)
    checkShare(masks.embedding!, rate: 0.25)
    checkShare(masks.recurrent!.joined().joined(), rate: 0.4)
  }

  @Test func aLockedMaskLastsAWindowAndTheOtherAStep() {
    var locked = Run(Dropout(layerOutput: 0.25))
    let lockedMasks = locked.masks(seed: 1).output!
    #expect(lockedMasks.map(\.count) == [20, 20])
    var perStep = Run(Dropout(layerOutput: 0.25, maskKind: .perStep))
    let masks = perStep.masks(seed: 1).output!
    #expect(masks.map(\.count) == [100, 100])
    // No two rows of 50 are equal: neither of lanes, nor of steps, nor of layers.
    #expect(Set(lockedMasks.joined()).count == 40)
    #expect(Set(masks.joined()).count == 200)
  }

  @Test func masksFollowTheSeedAndDifferFromLayerToLayer() {
    for maskKind in Dropout.MaskKind.allCases {
      var dropout = Self.everything
      dropout.maskKind = maskKind
      var run = Run(dropout)
      let first = run.masks(seed: 1)
      let other = run.masks(seed: 2)
      let again = run.masks(seed: 1)
      #expect(first.output == again.output && first.output != other.output)
      #expect(first.embedding == again.embedding && first.embedding != other.embedding)
      #expect(first.recurrent == again.recurrent && first.recurrent != other.recurrent)
      #expect(first.output![0] != first.output![1])
      #expect(first.recurrent![0] != first.recurrent![1])
      #expect(Set(first.recurrent!.joined()).count == 400)
    }
  }

  @Test func aRateOfZeroDrawsNothing() {
    var run = Run(.none)
    let masks = run.masks(seed: 1)
    #expect(masks.output == nil && masks.embedding == nil && masks.recurrent == nil)
    var same = Run(Dropout(maskKind: .perStep))
    same.accumulate(seed: 2)
    #expect(same.allGradients == run.allGradients)
  }
}
