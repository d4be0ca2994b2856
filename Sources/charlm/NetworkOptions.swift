import ArgumentParser
import RecurrentNetwork

/// The shape of the network.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The recurrent cell.")
  var cell: CellKind = .lstm

  @Option(help: "What the cell rnn applies to its sums. (default: tanh)")
  var activation: Activation?

  @Option(help: ArgumentHelp("Recurrent layers.", valueName: "n"))
  var layers = 1

  @Option(help: ArgumentHelp("Units of each layer.", valueName: "n"))
  var hiddenSize = 256

  @Option(
    help: ArgumentHelp("Width of a token's embedding. (default: the hidden size)", valueName: "n"))
  var embeddingSize: Int?

  @Flag(
    help: """
      Predict with the embeddings themselves: the projection's weights are the embedding's, which is as wide \
      as the hidden size.
      """)
  var tieEmbeddings = false

  func configuration(vocabularySize: Int) -> NetworkConfiguration {
    NetworkConfiguration(
      cell: cell, activation: activation, vocabularySize: vocabularySize,
      embeddingSize: embeddingSize ?? hiddenSize, hiddenSize: hiddenSize, layerCount: layers,
      tiesEmbeddings: tieEmbeddings)
  }
}

extension CellKind: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
