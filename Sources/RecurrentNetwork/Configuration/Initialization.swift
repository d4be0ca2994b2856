/// What the weights of a network are before the first step of training; `ParameterBuffer` draws them.
///
/// - Embeddings: uniform with mean 0 and variance 1; within ±4/sqrt(H) where they are tied to the projection.
/// - Weights of the layers and of a projection of its own: as chosen here.
/// - Biases: 0, but in `bias_ih` of an LSTM's forget gate `forgetBias`.
///
/// Tied embeddings are weights of logits, too: with a variance of 1 the first loss would be 7.6 nats in place
/// of log V = 4.3 (256 units). The other way, with ±1/sqrt(H) or the ±0.1 of AWD-LSTM (Merity et al. 2018), the
/// layers see so little of the tokens that they learn slowly: LSTM of 128 units, 1,200 steps of tinyshakespeare,
/// 1.94 nats with ±1/sqrt(H), 1.74 with ±4/sqrt(H), 1.79 not tied. The first loss with ±4/sqrt(H) was within
/// 0.1 of log V from 128 to 1,024 units of any cell; 0.2 above it with an orthogonal W_hh in a simple network.
///
/// A matrix is drawn as it is stored, all gates of a layer in one, as Keras and `torch.nn.init` do.
public struct Initialization: Sendable, Codable, Equatable {
  public enum Scheme: String, Sendable, Codable, CaseIterable {
    /// Uniform in ±1/sqrt(H), as in PyTorch's `nn.LSTM`.
    case uniform
    /// Uniform in ±sqrt(6 / (rows + columns)): Glorot & Bengio 2010, "Understanding the difficulty of training
    /// deep feedforward neural networks".
    case xavier
  }

  public enum RecurrentScheme: String, Sendable, Codable, CaseIterable {
    case uniform, xavier
    /// Orthonormal columns, of a square matrix rows as well, every such matrix being as likely: Saxe, McClelland
    /// & Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks".
    case orthogonal
  }

  public var weights = Scheme.uniform
  /// Of W_hh; nil for the same as `weights`.
  public var recurrentWeights: RecurrentScheme?
  /// How far an LSTM's forget gate is open at first; nil for 1 (Gers et al. 2000; Jozefowicz et al. 2015, "An
  /// empirical exploration of recurrent network architectures").
  public var forgetBias: Double?

  public init() {}
}
