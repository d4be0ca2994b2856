import RecurrentNetwork

/// What of a network and its batches is settled before the rest is chosen; nil for what is open.
public struct RecipeConstraints: Sendable, Equatable {
  public var cell: CellKind?
  public var activation: Activation?
  public var layerCount: Int?
  public var hiddenSize: Int?
  public var embeddingSize: Int?
  public var tiesEmbeddings = false
  public var batchSize: Int?
  public var windowLength: Int?

  public init() {}
}
