import ArgumentParser
import Kernels
import RecurrentNetwork

/// The sizes of a network unless they are given.
protocol NetworkShapeDefaults {
  static var hiddenSize: Int { get }
}

/// The layers of a network, whatever its cell.
struct NetworkShapeOptions<Defaults: NetworkShapeDefaults>: ParsableArguments {
  @Option(help: "The activation of the cell rnn. (default: tanh)")
  var activation: Activation?

  @Option(help: ArgumentHelp("Number of recurrent layers. (default: 1)", valueName: "n"))
  var layers: Int?

  @Option(
    help: ArgumentHelp(
      "Units of each layer. (default: \(Defaults.hiddenSize))", valueName: "n"))
  var hiddenSize: Int?

  @Option(
    help: ArgumentHelp("Width of the embedding. (default: the hidden size)", valueName: "n"))
  var embeddingSize: Int?

  @Option(help: LayerNormKind.help)
  var layerNorm: LayerNormKind?

  @Option(
    help: ArgumentHelp(
      "Normalize in this many groups of units; it must divide the hidden size. (default: groups of "
        + "64 units, or one group)",
      valueName: "n"))
  var layerNormGroups: Int?

  @Flag(help: "Add each layer's input to its output; needs 2 or more layers.")
  var residual = false

  /// Rejects options that contradict each other.
  /// - Throws: `UsageError.excludes`.
  func check() throws {
    if layerNorm == LayerNormKind.none, layerNormGroups != nil {
      throw UsageError.excludes(option: "--layer-norm none", other: "--layer-norm-groups")
    }
  }

  /// The options and whether each is given.
  var given: [(option: String, isGiven: Bool)] {
    [
      ("--activation", activation != nil), ("--layers", layers != nil),
      ("--hidden-size", hiddenSize != nil), ("--embedding-size", embeddingSize != nil),
      ("--layer-norm", layerNorm != nil),
      ("--layer-norm-groups", layerNormGroups != nil), ("--residual", residual),
    ]
  }

  /// - Parameter base: replaces the defaults of options that are not given.
  func configuration(
    _ cell: CellKind, vocabularySize: Int, tiesEmbeddings: Bool = false,
    base: NetworkConfiguration? = nil
  ) -> NetworkConfiguration {
    let hiddenSize = hiddenSize ?? base?.hiddenSize ?? Defaults.hiddenSize
    return NetworkConfiguration(
      cell: cell, activation: activation ?? base?.activation, vocabularySize: vocabularySize,
      embeddingSize: embeddingSize ?? base?.embeddingSize ?? hiddenSize, hiddenSize: hiddenSize,
      layerCount: layers ?? base?.layerCount ?? 1, tiesEmbeddings: tiesEmbeddings,
      normalizationGroups: normalizationGroups(hiddenSize: hiddenSize, base: base),
      isResidual: residual || base?.isResidual ?? false)
  }

  private func normalizationGroups(hiddenSize: Int, base: NetworkConfiguration?) -> Int? {
    switch layerNorm {
    case .some(.none): nil
    case .rms:
      layerNormGroups ?? base?.normalizationGroups
        ?? NetworkConfiguration.normalizationGroups(hiddenSize: hiddenSize)
    case nil: layerNormGroups ?? base?.normalizationGroups
    }
  }

  /// Checks that options, if given, agree with `network`.
  /// - Throws: `UsageError.contradictsModel`.
  func check(against network: NetworkConfiguration) throws {
    try checkSame("--activation", activation?.rawValue, network.activation?.rawValue ?? "none")
    try checkSame("--layers", layers, network.layerCount)
    try checkSame("--hidden-size", hiddenSize, network.hiddenSize)
    try checkSame("--embedding-size", embeddingSize, network.embeddingSize)
    let groups = network.normalizationGroups
    try checkSame(
      "--layer-norm", layerNorm?.rawValue, (groups == nil ? LayerNormKind.none : .rms).rawValue)
    try checkSame(
      "--layer-norm-groups", layerNormGroups.map(String.init),
      groups.map(String.init) ?? "none")
    if residual, !network.isResidual {
      throw UsageError.contradictsModel(
        option: "--residual", given: "given", model: "layers do not add their inputs")
    }
  }
}

/// Whether the sums of the gates are normalized, and how.
enum LayerNormKind: String, CaseIterable, ExpressibleByArgument {
  case none, rms

  static let help = ArgumentHelp(
    "Normalize the sums of each gate by their root mean square. (default: none)",
    valueName: "kind")
}
