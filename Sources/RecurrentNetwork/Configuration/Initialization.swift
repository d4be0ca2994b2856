/// How the weights of a new network are drawn; `ParameterBuffer` draws them.
///
/// - Embeddings: uniform with mean 0 and variance 1; within ±4/sqrt(E) if tied to the projection.
/// - Weights of the layers, of `project_out` and of an untied `lm_head`: as chosen here.
/// - Biases: 0, except `bias_ih` of an LSTM's forget gate, coupled or not, which is `forgetBias`,
///   and `lm_head.bias` with `outputBias`.
/// - Gains of normalized sums: 1.
///
/// Tied embeddings are weights of logits, too: with a variance of 1 the first loss would be 7.6
/// nats instead of log V = 4.3 (256 units). With much smaller weights, ±1/sqrt(H) or the ±0.1 of
/// AWD-LSTM (Merity et al. 2018), the layers see so little of the tokens that they learn slowly: an
/// LSTM of 128 units after 1,200 steps of tinyshakespeare has 1.94 nats with ±1/sqrt(H), 1.74 with
/// ±4/sqrt(H), 1.79 untied. The first loss with ±4/sqrt(H) was within 0.1 of log V from 128 to
/// 1,024 units of any cell, and 0.2 above it for an Elman RNN with an orthogonal W_hh.
///
/// Each matrix is drawn as it is stored, all gates of a layer in one, as Keras and `torch.nn.init`
/// do.
public struct Initialization: Sendable, Codable, Equatable {
  /// How a weight matrix is drawn.
  public enum Scheme: String, Sendable, Codable, CaseIterable {
    /// Uniform in ±1/sqrt(H), as in PyTorch's `nn.LSTM`.
    case uniform
    /// Uniform in ±sqrt(6 / (rows + columns)): Glorot & Bengio 2010, "Understanding the difficulty
    /// of training deep feedforward neural networks".
    case xavier
  }

  /// How W_hh is drawn.
  public enum RecurrentScheme: String, Sendable, Codable, CaseIterable {
    case uniform, xavier
    /// Orthonormal columns, and rows if the matrix is square; every such matrix is equally likely.
    /// Saxe, McClelland & Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in
    /// deep linear neural networks".
    case orthogonal
  }

  /// How `lm_head.bias` starts.
  public enum OutputBias: String, Sendable, Codable, CaseIterable {
    case zero
    /// The logarithm of each token's frequency in the training text, so that training does not
    /// begin by learning frequencies.
    case frequencies
  }

  /// The scheme of all weights for which there is no other.
  public var weights = Scheme.uniform
  /// The scheme of W_hh; nil for the same as `weights`.
  public var recurrentWeights: RecurrentScheme?
  /// The first bias of an LSTM's forget gate; nil for 1 (Gers et al. 2000; Jozefowicz et al. 2015,
  /// "An empirical exploration of recurrent network architectures").
  public var forgetBias: Double?
  /// The first `lm_head.bias`; nil for zero.
  public var outputBias: OutputBias?

  /// Creates PyTorch's scheme.
  public init() {}
}
