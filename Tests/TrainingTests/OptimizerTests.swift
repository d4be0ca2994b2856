import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Tokenization
import Training

/// The optimizer follows its configuration. `TorchOptimizerTests` compares the formulas with
/// PyTorch.
@Suite struct OptimizerTests {
  static let layout = ParameterLayout(
    NetworkConfiguration(vocabularySize: 3, embeddingSize: 1, hiddenSize: 1, layerCount: 1))
  static let processor = Processor(threadCount: 1)

  private static func numbers(seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed)
    return (0..<layout.count).map { _ in Float(stream.nextUniform() * 2 - 1) }
  }

  private static func buffer(_ values: [Float]) -> ParameterBuffer {
    let buffer = ParameterBuffer(layout: layout)
    buffer.start.update(from: values, count: values.count)
    return buffer
  }

  /// The parameters after ten updates; `add` gives the number to add to the gradient of a
  /// parameter.
  private static func parameters(
    after change: (inout TrainingConfiguration) -> Void, adding add: (Float) -> Float = { _ in 0 }
  ) -> [Float] {
    var configuration = TrainingConfiguration()
    configuration.clipNorm = nil
    change(&configuration)
    var parameters = buffer(numbers(seed: 1))
    var optimizer = Optimizer(configuration, parameters: parameters, processor: processor)
    for step in 0..<10 {
      let slopes = numbers(seed: UInt64(step + 2)).enumerated().map {
        $1 + add(parameters.start[$0])
      }
      let gradients = buffer(slopes)
      let norm = optimizer.norm(of: gradients)
      optimizer.update(
        &parameters, gradients: gradients, gradientNorm: norm, learningRate: 0.01)
    }
    return (0..<layout.count).map { parameters.start[$0] }
  }

  private static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).map { abs($0 - $1) }.max()!
  }

  @Test(arguments: [OptimizerKind.adam, .rmsProp, .adagrad, .sgd])
  func decayIsAddedToTheGradient(optimizer: OptimizerKind) {
    let decayed = Self.parameters(after: {
      $0.optimizer = optimizer
      $0.weightDecay = 0.5
      $0.l1 = 0.25
    })
    let added = Self.parameters(
      after: { $0.optimizer = optimizer },
      adding: { 0.5 * $0 + ($0 > 0 ? 0.25 : $0 < 0 ? -0.25 : 0) })
    let without = Self.parameters(after: { $0.optimizer = optimizer })
    #expect(Self.largestDifference(decayed, added) < 1e-5)
    #expect(Self.largestDifference(decayed, without) > 1e-2)
  }

  @Test func decayOfAdamWIsDecoupled() {
    var configuration = TrainingConfiguration()
    configuration.optimizer = .adamW
    configuration.weightDecay = 0.5
    configuration.l1 = 0.25
    let before = Self.numbers(seed: 1)
    var parameters = Self.buffer(before)
    let gradients = ParameterBuffer(layout: Self.layout)
    var optimizer = Optimizer(configuration, parameters: parameters, processor: Self.processor)
    optimizer.update(&parameters, gradients: gradients, gradientNorm: 0, learningRate: 0.1)
    for (index, value) in before.enumerated() {
      let p = Double(value)
      let expected = p - 0.1 * (0.5 * p + (p > 0 ? 0.25 : -0.25))
      #expect(abs(Double(parameters.start[index]) - expected) < 1e-7)
    }
  }

  @Test func theAverageIsExponentialWithItsBiasCorrected() {
    let decay = 0.8
    var configuration = TrainingConfiguration()
    configuration.averageDecay = decay
    var parameters = Self.buffer(Self.numbers(seed: 1))
    var optimizer = Optimizer(configuration, parameters: parameters, processor: Self.processor)
    var history: [[Float]] = []
    let atFirst = optimizer.weights(parameters)
    #expect((0..<parameters.count).allSatisfy { atFirst.start[$0] == parameters.start[$0] })
    for step in 1...25 {
      let gradients = Self.buffer(Self.numbers(seed: UInt64(step + 1)))
      optimizer.update(&parameters, gradients: gradients, gradientNorm: 1, learningRate: 0.05)
      history.append((0..<parameters.count).map { parameters.start[$0] })
      let average = optimizer.weights(parameters)
      let scale = (1 - decay) / (1 - pow(decay, Double(step)))
      for i in 0..<parameters.count {
        let sum = history.enumerated().reduce(0.0) { sum, entry in
          sum + pow(decay, Double(step - 1 - entry.offset)) * Double(entry.element[i])
        }
        #expect(abs(Double(average.start[i]) - scale * sum) < 1e-6)
      }
    }
    let last = optimizer.weights(parameters)
    #expect((0..<parameters.count).contains { abs(last.start[$0] - parameters.start[$0]) > 0.01 })
  }

  /// The mean in double precision. Before the last part the weights themselves are what counts, and
  /// a run that goes back, as with a larger budget, begins a new mean.
  @Test func theAverageOfTheLastPartIsTheMean() {
    var configuration = TrainingConfiguration()
    configuration.averageLast = 0.5
    var parameters = Self.buffer(Self.numbers(seed: 1))
    var optimizer = Optimizer(configuration, parameters: parameters, processor: Self.processor)
    var history: [[Float]] = []
    for step in 1...40 {
      let isInAverage = 11...25 ~= step || step > 30
      let gradients = Self.buffer(Self.numbers(seed: UInt64(step + 1)))
      optimizer.update(
        &parameters, gradients: gradients, gradientNorm: 1, learningRate: 0.05,
        isInAverage: isInAverage)
      let weights = (0..<parameters.count).map { parameters.start[$0] }
      let found = optimizer.weights(parameters)
      if isInAverage {
        history.append(weights)
        for i in 0..<parameters.count {
          let mean = history.reduce(0.0) { $0 + Double($1[i]) } / Double(history.count)
          #expect(abs(Double(found.start[i]) - mean) < 1e-6, "step \(step)")
        }
      } else {
        history = []
        #expect((0..<parameters.count).allSatisfy { found.start[$0] == weights[$0] })
      }
    }
    let last = optimizer.weights(parameters)
    #expect((0..<parameters.count).contains { abs(last.start[$0] - parameters.start[$0]) > 0.01 })
  }

  /// With gradients of zero only decay changes anything, over more parameters than are updated at a
  /// time.
  @Test(arguments: [OptimizerKind.adamW, .sgd], [false, true])
  func decayOfMatricesSparesBiasesAndGains(optimizer: OptimizerKind, isTied: Bool) {
    let network = NetworkConfiguration(
      cell: .gru, vocabularySize: 50, embeddingSize: 48, hiddenSize: 48, layerCount: 2,
      tiesEmbeddings: isTied, normalizationGroups: 3)
    let layout = ParameterLayout(network)
    for scope in TrainingConfiguration.DecayScope.allCases {
      var configuration = TrainingConfiguration()
      configuration.optimizer = optimizer
      configuration.weightDecay = 0.5
      configuration.decayScope = scope
      var parameters = ParameterBuffer(layout: layout)
      for index in 0..<parameters.count { parameters.start[index] = 1 }
      var updater = Optimizer(configuration, parameters: parameters, processor: Self.processor)
      updater.update(
        &parameters, gradients: ParameterBuffer(layout: layout), gradientNorm: 0, learningRate: 0.1)
      for tensor in layout.tensors {
        let decays = scope == .all || tensor.shape.count == 2
        #expect(
          parameters.values(of: tensor).allSatisfy { abs($0 - (decays ? 0.95 : 1)) < 1e-6 },
          "\(tensor.name), \(scope)")
      }
    }
  }
}
