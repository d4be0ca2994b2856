import Kernels

/// The shape of a network: token embedding, stacked recurrent layers, projection to logits.
///
/// ```
/// x_t = embedding[token_t]                       (E)
/// y_t = layers(x_t, state)                       (H)
/// logits_t = lm_head.weight y_t + lm_head.bias   (V)
/// ```
///
/// The letters in the comments of this module:
///
/// ```
/// B  rows of a batch: texts, or parts of one, that run side by side
/// T  time steps of a window; for memory, of the longest window
/// E  width of a token's embedding
/// H  units of a layer
/// V  tokens of the vocabulary
/// G  gates of a cell: 4 for an LSTM, 3 for a coupled LSTM or a GRU, 1 for an Elman RNN
/// J  fused gates, the first J of the G (RecurrentCell)
/// D  distinct tokens of a window (InputTable)
/// ```
///
/// Tied embeddings use embedding.weight as lm_head.weight (Press & Wolf 2017, "Using the output
/// embedding to improve language models"; Inan, Khosravi & Socher 2017, "Tying word vectors and
/// word classifiers"). If their width is not that of the layers, a matrix is between the two, so
/// that a large vocabulary costs V E and not V H multiplications (Lan et al. 2020, "ALBERT: a lite
/// BERT", section 3.1):
///
/// ```
/// logits_t = embedding.weight (project_out.weight y_t) + lm_head.bias
/// ```
///
/// With `normalizationGroups` the gates' sums are normalized before their functions, each gate's H
/// sums in groups of units (RMS normalization: Zhang & Sennrich 2019, "Root mean square layer
/// normalization"; of recurrent cells: Ba, Kiros & Hinton 2016, "Layer normalization"):
///
/// ```
/// N(z) = gain * z / sqrt(mean(z^2) + 1e-5) + bias
/// fused gates     N(W_ih x_t + W_hh h_{t-1}),         with gain_ih and b_ih + b_hh
/// separate gates  N(W_ih x_t) and N(W_hh h_{t-1}),    with gain_ih, b_ih and gain_hh, b_hh
/// ```
///
/// The mean is over the group's units. A group of its own for some units lets threads that share a
/// layer by units (`LayerShard`) normalize without waiting for each other.
///
/// A layer's output y is its hidden state h. With `isResidual` a layer above the first adds its
/// input to it (residual connections: He et al. 2016, "Deep residual learning for image
/// recognition"; of stacked recurrent layers: Wu et al. 2016, "Google's neural machine translation
/// system"):
///
/// ```
/// y_0 = m_0 * h_0,  y_l = m_l * h_l + y_{l-1}        (H), the layers' outputs
/// ```
///
/// m_l is the dropout of the layer's output, or 1. It does not touch what a layer passes on, so
/// that each y_l reaches the logits without another factor. Layer 0 has no such sum, because its
/// input is E wide.
public struct NetworkConfiguration: Sendable, Codable, Equatable {
  /// The kind of the recurrent layers.
  public var cell: CellKind
  /// The function that an Elman RNN applies to its sums, tanh if nil; nil for other cells.
  public var activation: Activation?
  /// V, the number of token ids.
  public var vocabularySize: Int
  /// E
  public var embeddingSize: Int
  /// H
  public var hiddenSize: Int
  /// The number of recurrent layers.
  public var layerCount: Int
  /// Whether the projection uses the embedding's weights.
  public var tiesEmbeddings: Bool
  /// The groups in which each gate's sums are normalized, a divisor of H; nil for no normalization.
  public var normalizationGroups: Int?
  /// Whether each layer above the first adds its input to its hidden state; needs two layers.
  public var isResidual: Bool

  /// Creates a network's shape, which `validate` checks.
  public init(
    cell: CellKind = .lstm, activation: Activation? = nil, vocabularySize: Int, embeddingSize: Int,
    hiddenSize: Int, layerCount: Int, tiesEmbeddings: Bool = false,
    normalizationGroups: Int? = nil, isResidual: Bool = false
  ) {
    self.cell = cell
    self.activation = activation ?? (cell == .rnn ? .tanh : nil)
    self.vocabularySize = vocabularySize
    self.embeddingSize = embeddingSize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.tiesEmbeddings = tiesEmbeddings
    self.normalizationGroups = normalizationGroups
    self.isResidual = isResidual
  }

  /// The usual number of groups: of 64 units each, which every instruction set's panels fit, or a
  /// single one if 64 does not divide H.
  public static func normalizationGroups(hiddenSize: Int) -> Int {
    hiddenSize.isMultiple(of: 64) ? hiddenSize / 64 : 1
  }

  /// Rejects sizes that no network can have or that would overflow memory addresses, so that a file
  /// with false sizes is detected before anything is allocated.
  /// - Throws: `NetworkError`.
  public func validate() throws {
    try check("vocabulary size", vocabularySize, 1...65_536)
    try check("hidden size", hiddenSize, 1...65_536)
    try check("embedding size", embeddingSize, 1...65_536)
    try check("number of layers", layerCount, 1...1_024)
    if let activation, cell != .rnn {
      throw NetworkError.activationNotApplicable(activation, cell)
    }
    if let groups = normalizationGroups, groups < 1 || !hiddenSize.isMultiple(of: groups) {
      throw NetworkError.unequalGroups(count: groups, hiddenSize: hiddenSize)
    }
    if isResidual, layerCount < 2 { throw NetworkError.residualNeedsLayers }
  }

  private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw NetworkError.sizeOutOfRange(name: name, value: value, range: range)
    }
  }

  /// The width of the input of layer `layer`.
  func inputSize(layer: Int) -> Int {
    layer == 0 ? embeddingSize : hiddenSize
  }

  /// Whether the last layer's output is projected to the width of the tied embeddings.
  package var projectsOutput: Bool { tiesEmbeddings && embeddingSize != hiddenSize }

  /// The width of what the projection to logits reads: E if the embeddings are tied, else H.
  package var outputSize: Int { tiesEmbeddings ? embeddingSize : hiddenSize }

  /// Whether layer `layer` adds its input to its hidden state.
  func addsInput(layer: Int) -> Bool { isResidual && layer > 0 }

  /// G H, the rows of a layer's weights.
  var gateSize: Int { cell.gateCount * hiddenSize }

  /// The units that are normalized together; nil without normalization.
  var normalizationGroupSize: Int? { normalizationGroups.map { hiddenSize / $0 } }
}

/// The recurrent cells a network can consist of, with what the shapes of weights and states depend
/// on.
public enum CellKind: String, Sendable, Codable, CaseIterable {
  /// Long short-term memory: see `LSTMCell`.
  case lstm
  /// The LSTM whose input gate is coupled to its forget gate: see `LSTMCell`.
  case coupledLSTM = "coupled-lstm"
  /// The gated recurrent unit: see `GRUCell`.
  case gru
  /// The Elman RNN: see `ElmanCell`.
  case rnn

  /// G: a layer's weights have G blocks of H rows.
  public var gateCount: Int {
    switch self {
    case .lstm: 4
    case .coupledLSTM, .gru: 3
    case .rnn: 1
    }
  }

  /// How many vectors of H numbers a layer hands to the next time step: h, or h and c.
  public var stateVectorCount: Int {
    switch self {
    case .lstm, .coupledLSTM: 2
    case .gru, .rnn: 1
    }
  }

  /// The gate that alone lets the previous state through. Its `bias_ih` starts training at another
  /// value than 0 (`Initialization.forgetBias`).
  package var forgetGate: Int? {
    switch self {
    case .lstm: 1
    case .coupledLSTM: 0
    case .gru, .rnn: nil
    }
  }
}

// MARK: Stored form

extension NetworkConfiguration {
  private enum CodingKeys: CodingKey {
    case cell, activation, vocabularySize, embeddingSize, hiddenSize, layerCount, tiesEmbeddings
    case normalizationGroups, isResidual
  }

  /// Decodes a shape; what older files do not have is absent from their networks.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    cell = try values.decode(CellKind.self, forKey: .cell)
    activation = try values.decodeIfPresent(Activation.self, forKey: .activation)
    vocabularySize = try values.decode(Int.self, forKey: .vocabularySize)
    embeddingSize = try values.decode(Int.self, forKey: .embeddingSize)
    hiddenSize = try values.decode(Int.self, forKey: .hiddenSize)
    layerCount = try values.decode(Int.self, forKey: .layerCount)
    tiesEmbeddings = try values.decodeIfPresent(Bool.self, forKey: .tiesEmbeddings) ?? false
    normalizationGroups = try values.decodeIfPresent(Int.self, forKey: .normalizationGroups)
    isResidual = try values.decodeIfPresent(Bool.self, forKey: .isResidual) ?? false
  }

  /// Keys of what a network does not have are omitted, so that older versions can read it.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(cell, forKey: .cell)
    try values.encodeIfPresent(activation, forKey: .activation)
    try values.encode(vocabularySize, forKey: .vocabularySize)
    try values.encode(embeddingSize, forKey: .embeddingSize)
    try values.encode(hiddenSize, forKey: .hiddenSize)
    try values.encode(layerCount, forKey: .layerCount)
    if tiesEmbeddings { try values.encode(true, forKey: .tiesEmbeddings) }
    try values.encodeIfPresent(normalizationGroups, forKey: .normalizationGroups)
    if isResidual { try values.encode(true, forKey: .isResidual) }
  }
}
