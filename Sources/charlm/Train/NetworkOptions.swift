import ArgumentParser
import Kernels
import RecurrentNetwork

/// The shape of the network.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The recurrent cell. (default: lstm)")
  var cell: CellKind?

  @Option(help: "What the cell rnn applies to its sums. (default: tanh)")
  var activation: Activation?

  @Option(help: ArgumentHelp("Recurrent layers. (default: 1)", valueName: "n"))
  var layers: Int?

  @Option(help: ArgumentHelp("Units of each layer. (default: 256)", valueName: "n"))
  var hiddenSize: Int?

  @Option(
    help: ArgumentHelp("Width of a token's embedding. (default: the hidden size)", valueName: "n"))
  var embeddingSize: Int?

  @Flag(
    help: """
      Predict with the embeddings themselves: the projection's weights are the embedding's, which is as wide \
      as the hidden size.
      """)
  var tieEmbeddings = false

  /// - Parameter base: what holds where an option was not given, in place of the usual.
  func configuration(
    vocabularySize: Int, base: NetworkConfiguration? = nil
  ) -> NetworkConfiguration {
    let hiddenSize = hiddenSize ?? base?.hiddenSize ?? 256
    return NetworkConfiguration(
      cell: cell ?? base?.cell ?? .lstm, activation: activation ?? base?.activation,
      vocabularySize: vocabularySize,
      embeddingSize: embeddingSize ?? base?.embeddingSize ?? hiddenSize, hiddenSize: hiddenSize,
      layerCount: layers ?? base?.layerCount ?? 1,
      tiesEmbeddings: tieEmbeddings || base?.tiesEmbeddings ?? false)
  }

  /// Refuses what a model that is trained on cannot become.
  /// - Throws: `UsageError.contradictsModel`.
  func check(against network: NetworkConfiguration) throws {
    try checkSame("--cell", cell?.rawValue, network.cell.rawValue)
    try checkSame("--activation", activation?.rawValue, network.activation?.rawValue ?? "none")
    try checkSame("--layers", layers, network.layerCount)
    try checkSame("--hidden-size", hiddenSize, network.hiddenSize)
    try checkSame("--embedding-size", embeddingSize, network.embeddingSize)
    if tieEmbeddings, !network.tiesEmbeddings {
      throw UsageError.contradictsModel(
        option: "--tie-embeddings", given: "given", model: "embeddings are not tied")
    }
  }
}

/// Refuses an option that was given and is not what the model has.
/// - Throws: `UsageError.contradictsModel`.
func checkSame<Value: Equatable>(_ option: String, _ given: Value?, _ model: Value) throws {
  guard let given, given != model else { return }
  throw UsageError.contradictsModel(
    option: option, given: "\(given)", model: "it is \(model)")
}

extension CellKind: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
