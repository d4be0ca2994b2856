import Benchmarking
import RecurrentNetwork

/// The workload that one row of a benchmark measures.
enum BenchmarkRow {
  case training(TrainingShape)
  case reading(InferenceShape)
  case text(SyntheticText)
  case product(ProductShape)

  /// For people.
  var name: String {
    switch self {
    case .training(let shape):
      "\(Self.name(of: shape.network)), B \(shape.batchSize), T \(shape.windowLength)"
    case .reading(let shape):
      Self.name(of: shape.network)
        + (shape.precision == .float32 ? "" : ", \(shape.precision.rawValue)")
        + (shape.textCount == 1 ? "" : ", \(shape.textCount) texts")
    case .text(let text): text.rawValue
    case .product(let product):
      "\(Self.name(of: product.role)) \(product.rows) x \(product.depth) x \(product.columns)"
    }
  }

  /// For programs.
  var fields: JSONLine.Fields {
    switch self {
    case .training(let shape):
      Self.fields(of: shape.network)
        + [("batch_size", shape.batchSize), ("window", shape.windowLength)]
    case .reading(let shape):
      Self.fields(of: shape.network)
        + [("weights", shape.precision.rawValue), ("count", shape.textCount)]
    case .text(let text): [("text", text.rawValue)]
    case .product(let product):
      [
        ("product", product.role.rawValue), ("rows", product.rows), ("depth", product.depth),
        ("columns", product.columns),
      ]
    }
  }

  private static func name(of role: ProductShape.Role) -> String {
    switch role {
    case .recurrent: "recurrent"
    case .recurrentBackward: "recurrent, back"
    case .weightGradient: "weight gradient"
    case .projection: "projection"
    }
  }

  private static func name(of network: NetworkConfiguration) -> String {
    "\(network.cell.rawValue) \(network.layerCount) x \(network.hiddenSize), "
      + (network.normalizationGroups == nil ? "" : "normalized, ")
      + (network.isResidual ? "residual, " : "") + "V \(network.vocabularySize)"
  }

  private static func fields(
    of network: NetworkConfiguration
  ) -> JSONLine.Fields {
    [
      ("cell", network.cell.rawValue), ("layers", network.layerCount),
      ("hidden_size", network.hiddenSize),
      ("layer_norm", (network.normalizationGroups == nil ? LayerNormKind.none : .rms).rawValue),
      ("residual", network.isResidual), ("vocabulary_size", network.vocabularySize),
    ]
  }
}
