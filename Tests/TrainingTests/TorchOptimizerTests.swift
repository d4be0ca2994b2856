import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Training

/// Compares every optimizer with `torch.optim`, and clipping with `torch.nn.utils`, after each of
/// twenty steps. `scripts/make-reference-fixtures.py` made and describes the fixture.
@Suite struct TorchOptimizerTests {
  /// Relative to the largest magnitude that a parameter has had: both sides round in float32, and a
  /// parameter that crosses zero keeps its earlier rounding errors.
  static let tolerance = 1e-5
  static let stepCount = 20
  /// A network with as many parameters as the fixture.
  static let layout = ParameterLayout(
    NetworkConfiguration(vocabularySize: 3, embeddingSize: 1, hiddenSize: 1, layerCount: 1))

  let archive: SafetensorsArchive
  let initial: [Float]
  let gradients: [Float]

  init() throws {
    let path = try #require(
      Bundle.module.path(forResource: "Fixtures/optimizers", ofType: "safetensors"))
    archive = try SafetensorsArchive(path: path, verification: .none)
    initial = try archive.floats(of: "initial", shape: [Self.layout.count])
    gradients = try archive.floats(of: "gradients", shape: [Self.stepCount, Self.layout.count])
  }

  private func configuration(_ name: String) throws -> TrainingConfiguration {
    let text = try archive.metadata(for: name)
    let settings = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return try TrainingConfiguration(reference: #require(settings))
  }

  @Test(arguments: InstructionSet.available)
  func everyStepEqualsTorchOptim(instructionSet: InstructionSet) throws {
    let processor = Processor(instructionSet: instructionSet, threadCount: 1)
    let names = archive.tensors.map { $0.name }.filter { $0 != "initial" && $0 != "gradients" }
    #expect(names.count == 33)
    var kinds: Set<OptimizerKind> = []
    for name in names {
      let expected = try archive.floats(of: name, shape: [Self.stepCount, Self.layout.count])
      let configuration = try configuration(name)
      let error = largestError(configuration, expected, processor)
      #expect(error <= Self.tolerance, "\(name)")
      kinds.insert(configuration.optimizer)
    }
    #expect(kinds == Set(OptimizerKind.allCases))
  }

  /// The largest error of any parameter after any step, relative to the largest magnitude it has had.
  private func largestError(
    _ configuration: TrainingConfiguration, _ expected: [Float], _ processor: Processor
  ) -> Double {
    let count = initial.count
    var parameters = ParameterBuffer(layout: Self.layout)
    parameters.start.update(from: initial, count: count)
    let slopes = ParameterBuffer(layout: Self.layout)
    var optimizer = Optimizer(configuration, parameters: parameters, processor: processor)
    var sizes = initial.map { abs(Double($0)) }
    var largest = 0.0
    for step in 0..<Self.stepCount {
      let place = step * count
      slopes.start.update(from: Array(gradients[place..<place + count]), count: count)
      let norm = optimizer.norm(of: slopes)
      optimizer.update(
        &parameters, gradients: slopes, gradientNorm: norm,
        learningRate: configuration.learningRate)
      for i in 0..<count {
        let value = Double(expected[place + i])
        sizes[i] = max(sizes[i], abs(value))
        let error = abs(Double(parameters.start[i]) - value) / sizes[i]
        largest = error.isNaN ? .infinity : max(largest, error)  // max() would pass over it
      }
    }
    return largest
  }
}
