/// The shape of a network: token embedding, stacked recurrent layers, projection to logits.
///
/// ```
/// x_t = embedding[token_t]            (E)
/// h_t = layers(x_t, state)            (H)
/// logits_t = lm_head.weight h_t + lm_head.bias   (V)
/// ```
public struct NetworkConfiguration: Sendable, Codable, Equatable {
  public var cell: CellKind
  /// What a simple recurrent network applies to its sums, tanh where nil; nil for other cells.
  public var activation: Activation?
  /// V, the number of token ids.
  public var vocabularySize: Int
  /// E, the width of a token's embedding.
  public var embeddingSize: Int
  /// H, the units of each layer.
  public var hiddenSize: Int
  public var layerCount: Int

  public init(
    cell: CellKind = .lstm, activation: Activation? = nil, vocabularySize: Int, embeddingSize: Int,
    hiddenSize: Int, layerCount: Int
  ) {
    self.cell = cell
    self.activation = activation ?? (cell == .rnn ? .tanh : nil)
    self.vocabularySize = vocabularySize
    self.embeddingSize = embeddingSize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
  }

  /// Refuses sizes that no network can have or that would not fit in memory's addresses, so that a file
  /// which lies about them is found out before anything is allocated.
  /// - Throws: `NetworkError`.
  public func validate() throws {
    try check("vocabulary size", vocabularySize, 1...65_536)
    try check("hidden size", hiddenSize, 1...65_536)
    try check("embedding size", embeddingSize, 1...65_536)
    try check("number of layers", layerCount, 1...1_024)
    if let activation, cell != .rnn {
      throw NetworkError.activationNotApplicable(activation, cell)
    }
  }

  private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw NetworkError.sizeOutOfRange(name: name, value: value, range: range)
    }
  }

  /// What the layers compute.
  var recurrentCell: any RecurrentCell { cell.cell(activation: activation) }

  /// The width of what layer `layer` reads.
  func inputSize(layer: Int) -> Int {
    layer == 0 ? embeddingSize : hiddenSize
  }

  /// G * H, the rows of a layer's weights.
  var gateSize: Int { cell.gateCount * hiddenSize }
}
