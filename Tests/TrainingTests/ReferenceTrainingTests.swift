import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization
import Training

/// Complete training steps against PyTorch: windows, gradients, clipping and the optimizer
/// together.
@Suite struct ReferenceTrainingTests {
  /// SGD changes weights in proportion to gradients, whose error is 1e-6 of the largest in a
  /// tensor. Adagrad's first step has full length for all of them, however small, but its later
  /// ones shrink.
  static let tolerance = 5e-6
  /// Adam and RMSProp divide by the gradient's size: a gradient that nearly vanishes, of which
  /// float32 leaves few digits, still makes a step of full length. A few such parameters err by
  /// about 1e-4 of the largest...
  static let dividingTolerance = 5e-4
  /// ... but the tensor, by its root mean square, hardly errs.
  static let dividingMeanTolerance = 5e-5
  static let stepCount = 5

  /// A tensor's difference from PyTorch's after five steps with an optimizer.
  struct Difference {
    let optimizer: String
    let tensor: String
    /// The largest difference, relative to the largest magnitude.
    let largest: Double
    /// The root mean square of the difference, relative to that of the values.
    let mean: Double
  }

  static func differences(
    _ reference: ReferenceNetwork, _ instructionSet: InstructionSet
  ) throws -> [Difference] {
    try reference.optimizers.keys.sorted().flatMap { optimizer in
      var configuration = try TrainingConfiguration(reference: reference.optimizers[optimizer]!)
      configuration.batchSize = reference.batchSize
      configuration.windowLength = reference.stepCount
      // The text is one window: each step reads the same one, from a zero state.
      var trainer = Trainer(
        ProcessorEngine(
          network: reference.configuration, configuration: configuration,
          parameters: reference.parameterBuffer,
          processor: Processor(instructionSet: instructionSet, threadCount: 2)),
        configuration: configuration, tokens: TokenFile(reference.text),
        positions: TokenPositions(1..<reference.text.count))
      for _ in 0..<stepCount { _ = try trainer.step(progress: 0) }
      let weights = try trainer.weights()
      return try zip(reference.layout.tensors, reference.parameters(after: optimizer)).map {
        let found = weights.parameters.values(of: $0).map(Double.init)
        let expected = $1.values.map(Double.init)
        let difference = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let squares = expected.reduce(0) { $0 + $1 * $1 }
        return Difference(
          optimizer: optimizer, tensor: $0.name, largest: relativeError(found, expected),
          mean: (difference / squares).squareRoot())
      }
    }
  }

  @Test(arguments: ReferenceNetwork.names, InstructionSet.available)
  func fiveStepsEqualPyTorch(name: String, instructionSet: InstructionSet) throws {
    let reference = try ReferenceNetwork(name)
    for difference in try Self.differences(reference, instructionSet) {
      let place = "\(difference.tensor) with \(difference.optimizer)"
      if difference.optimizer.hasPrefix("adam") || difference.optimizer.hasPrefix("rmsprop") {
        #expect(difference.largest <= Self.dividingTolerance, "\(place)")
        #expect(difference.mean <= Self.dividingMeanTolerance, "\(place)")
      } else {
        #expect(difference.largest <= Self.tolerance, "\(place)")
      }
    }
  }

  @Test func everyOptimizerTrainsNetworksOfEachDepth() throws {
    for layers in 1...3 {
      let references = try ReferenceNetwork.names.filter { $0.hasSuffix("-\(layers)-layers") }
        .map { try ReferenceNetwork($0) }
      let names = Set(references.flatMap(\.optimizers.keys))
      #expect(names.count == 8)
      let kinds = try references.flatMap(\.optimizers.values).map {
        try TrainingConfiguration(reference: $0).optimizer
      }
      #expect(Set(kinds) == Set(OptimizerKind.allCases))
    }
  }

  /// The table of `docs/numerical-accuracy.md`, printed if `CHARLM_PRINT_ACCURACY` is set.
  @Test func theLargestErrorOfEachOptimizer() throws {
    var rows: [String: [String: Double]] = [:]
    for name in ReferenceNetwork.names {
      let reference = try ReferenceNetwork(name)
      for instructionSet in InstructionSet.available {
        for difference in try Self.differences(reference, instructionSet) {
          for (kind, error) in [("largest", difference.largest), ("mean", difference.mean)] {
            rows[difference.optimizer, default: [:]]["\(kind), \(instructionSet)", default: 0] =
              max(
                rows[difference.optimizer]?["\(kind), \(instructionSet)"] ?? 0, error)
          }
        }
      }
    }
    #expect(rows.count == 8)
    let columns = ["largest", "mean"].flatMap { kind in
      InstructionSet.available.map { "\(kind), \($0)" }
    }
    publishAccuracy(
      "Five steps of an optimizer", titles: ["optimizer"] + columns,
      rows: rows.sorted { $0.key < $1.key }.map { optimizer, errors in
        [optimizer] + columns.map { accuracyText(errors[$0]!) }
      })
  }
}
