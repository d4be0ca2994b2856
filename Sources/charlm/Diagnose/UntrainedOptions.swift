import ArgumentParser
import Kernels
import RecurrentNetwork

/// Untrained networks to compare with each other and with models.
struct UntrainedOptions: ParsableArguments {
  /// The hidden size unless one is given.
  enum Defaults: NetworkShapeDefaults {
    static let hiddenSize = 128
  }

  @Option(
    name: .customLong("cell"),
    help: "Add an untrained network with this cell. Repeatable.")
  var cells: [CellKind] = []

  @OptionGroup var shape: NetworkShapeOptions<Defaults>

  @Option(name: .shortAndLong, help: "Random seed of the initial weights. (default: 1)")
  var seed: UInt64?

  /// Rejects invalid sizes, and options without a network.
  /// - Throws: `UsageError` or `NetworkError`.
  func check() throws {
    let given = shape.given + [("--seed", seed != nil)]
    for (option, isGiven) in given where isGiven && cells.isEmpty {
      throw UsageError.onlyWithCell(option: option)
    }
    if let activation = shape.activation, let cell = cells.first, !cells.contains(.rnn) {
      throw NetworkError.activationNotApplicable(activation, cell)
    }
    try shape.check()
    for cell in cells {
      let network = configuration(cell, vocabularySize: 1)
      try network.validate()
      // The weights, packed for both passes, and their gradients.
      try MachineMemory.check(
        2 * network.inferenceByteCount(textCount: 1), for: "Examining this network",
        remedy: "choose a smaller --hidden-size or --layers")
    }
  }

  func weights(_ cell: CellKind, vocabularySize: Int, processor: Processor) -> NetworkWeights {
    let configuration = configuration(cell, vocabularySize: vocabularySize)
    return NetworkWeights(
      configuration: configuration,
      parameters: ParameterBuffer(configuration: configuration, seed: seed ?? 1),
      processor: processor)
  }

  /// Only the cell rnn takes the activation.
  private func configuration(_ cell: CellKind, vocabularySize: Int) -> NetworkConfiguration {
    var shape = shape
    if cell != .rnn { shape.activation = nil }
    return shape.configuration(cell, vocabularySize: vocabularySize)
  }
}
