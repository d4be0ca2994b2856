import ArgumentParser
import Kernels
import RecurrentNetwork
import Tokenization

/// Networks as they are before training, to compare cells without any.
struct UntrainedOptions: ParsableArguments {
  @Option(
    name: .customLong("cell"),
    help: "Also an untrained network of this cell; may be given several times.")
  var cells: [CellKind] = []

  @Option(help: "What the cell rnn applies to its sums. (default: tanh)")
  var activation: Activation?

  @Option(help: ArgumentHelp("Recurrent layers. (default: 1)", valueName: "n"))
  var layers: Int?

  @Option(help: ArgumentHelp("Units of each layer. (default: 128)", valueName: "n"))
  var hiddenSize: Int?

  @Option(
    help: ArgumentHelp("Width of a token's embedding. (default: the hidden size)", valueName: "n"))
  var embeddingSize: Int?

  @Option(help: "Decides the initial weights. (default: 1)")
  var seed: UInt64?

  /// Refuses sizes that cannot be, and those that nothing has.
  /// - Throws: `UsageError` or `NetworkError`.
  func check() throws {
    let given = [
      ("--activation", activation != nil), ("--layers", layers != nil),
      ("--hidden-size", hiddenSize != nil), ("--embedding-size", embeddingSize != nil),
      ("--seed", seed != nil),
    ]
    for (option, isGiven) in given where isGiven && cells.isEmpty {
      throw UsageError.onlyWithCell(option: option)
    }
    if let activation, let cell = cells.first, !cells.contains(.rnn) {
      throw NetworkError.activationNotApplicable(activation, cell)
    }
    for cell in cells { try configuration(cell, vocabularySize: 1).validate() }
  }

  func weights(_ cell: CellKind, vocabularySize: Int, processor: Processor) -> NetworkWeights {
    let configuration = configuration(cell, vocabularySize: vocabularySize)
    return NetworkWeights(
      configuration: configuration,
      parameters: ParameterBuffer(configuration: configuration, seed: seed ?? 1),
      processor: processor)
  }

  private func configuration(_ cell: CellKind, vocabularySize: Int) -> NetworkConfiguration {
    let hiddenSize = hiddenSize ?? 128
    return NetworkConfiguration(
      cell: cell, activation: cell == .rnn ? activation : nil, vocabularySize: vocabularySize,
      embeddingSize: embeddingSize ?? hiddenSize, hiddenSize: hiddenSize, layerCount: layers ?? 1)
  }
}
