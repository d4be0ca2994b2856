import ArgumentParser
import Kernels
import RecurrentNetwork

/// The network to train.
struct NetworkOptions: ParsableArguments {
  /// The hidden size unless one is given.
  enum Defaults: NetworkShapeDefaults {
    static let hiddenSize = 256
  }

  @Option(help: "The recurrent cell. (default: lstm)")
  var cell: CellKind?

  @OptionGroup var shape: NetworkShapeOptions<Defaults>

  @Flag(
    help: """
      Use the embedding also as the weights of the output projection. With a smaller \
      --embedding-size, the hidden state is first projected to that width.
      """)
  var tieEmbeddings = false

  /// - Parameter base: replaces the defaults of options that are not given.
  func configuration(
    vocabularySize: Int, base: NetworkConfiguration? = nil
  ) -> NetworkConfiguration {
    shape.configuration(
      cell ?? base?.cell ?? .lstm, vocabularySize: vocabularySize,
      tiesEmbeddings: tieEmbeddings || base?.tiesEmbeddings ?? false, base: base)
  }

  /// Checks that options, if given, agree with the network of the model that training starts from.
  /// - Throws: `UsageError.contradictsModel`.
  func check(against network: NetworkConfiguration) throws {
    try checkSame("--cell", cell?.rawValue, network.cell.rawValue)
    try shape.check(against: network)
    if tieEmbeddings, !network.tiesEmbeddings {
      throw UsageError.contradictsModel(
        option: "--tie-embeddings", given: "given", model: "embeddings are not tied")
    }
  }
}

extension NetworkOptions {
  /// Whether the network is left to be chosen.
  var isUnset: Bool {
    cell == nil && !tieEmbeddings && !shape.given.contains(where: \.isGiven)
  }
}

extension CellKind: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
