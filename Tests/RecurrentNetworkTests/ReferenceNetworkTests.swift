import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// The twin and the fast code against PyTorch: outputs and gradients of a window that starts from a
/// nonzero state, for every cell of PyTorch and one to three layers.
///
/// All errors are relative: the largest difference within a tensor divided by its largest expected
/// magnitude.
@Suite struct ReferenceNetworkTests {
  /// Both are in double precision and differ in the order of sums of at most a few hundred terms.
  static let twinTolerance = 1e-12
  /// Float32 rounds by 6e-8; sums of at most a hundred terms and a few time steps accumulate some
  /// of it.
  static let fastTolerance = 5e-6

  @Test func theFilesHoldEveryCellAtEveryDepth() throws {
    let references = try ReferenceNetwork.names.map { try ReferenceNetwork($0) }
    let found = references.map { reference in
      let network = reference.configuration
      return "\(network.cell) \(network.activation?.rawValue ?? "-") "
        + (network.normalizationGroups == nil ? "" : "normalized ")
        + (network.isResidual ? "residual " : "") + "\(network.layerCount)"
    }
    let cells = [
      "lstm -", "gru -", "rnn tanh", "rnn relu", "lstm - normalized", "gru - normalized",
      "rnn tanh normalized",
    ]
    let residual = ["lstm - residual", "gru - normalized residual"]
    var expected: [String] = []
    for cell in cells + ["coupledLSTM -"] { expected += (1...3).map { "\(cell) \($0)" } }
    for cell in residual { expected += (2...3).map { "\(cell) \($0)" } }
    #expect(found == expected)
    // Both paths through layer 0: with a table of tokens and without.
    let tables = references.map {
      $0.configuration.vocabularySize <= $0.batchSize * $0.stepCount
    }
    #expect(Set(tables) == [true, false])
    for reference in references {
      #expect(reference.initialStates.flatMap(\.values).allSatisfy { $0 != 0 })
      #expect(reference.parameters.allSatisfy { $0 != 0 })
      #expect(Set(reference.torchVersion.prefix(2)) == ["2", "."])
    }
  }

  @Test(arguments: ReferenceNetwork.names)
  func twinEqualsPyTorch(name: String) throws {
    let reference = try ReferenceNetwork(name)
    for (tensor, error) in reference.twinResult().errors(
      against: reference.expected, layout: reference.layout)
    {
      #expect(error <= Self.twinTolerance, "\(tensor)")
    }
  }

  @Test(arguments: ReferenceNetwork.names, InstructionSet.available)
  func fastCodeEqualsPyTorch(name: String, instructionSet: InstructionSet) throws {
    let reference = try ReferenceNetwork(name)
    for (tensor, error) in reference.fastResult(instructionSet).errors(
      against: reference.expected, layout: reference.layout)
    {
      #expect(error <= Self.fastTolerance, "\(tensor)")
    }
  }
}
