/// The dropout of training, drawn window by window; a finished network has none.
///
/// ```swift
/// import RecurrentNetwork
///
/// var dropout = Dropout(layerOutput: 0.3)
/// dropout.recurrentWeight = 0.5
/// ```
///
/// Each rate is the probability, in 0 ..< 1, that an element of a mask is 0; the others are 1 / (1
/// - rate), so that the mean is the same as without dropout (Srivastava et al. 2014, "Dropout: a
/// simple way to prevent neural networks from overfitting").
///
/// ```
/// x_t = m_e[token_t] * embedding[token_t]          m_e (V), one for each window
/// recurrent sums = (M_l * W_hh) h_{t-1} + b_hh     M_l (G H, H), one for each window
/// output of layer l = m_l * h_t                    m_l (B, H), one for each window or step; plus
///                                                  the layer's input in a residual network
/// ```
public struct Dropout: Sendable, Equatable {
  /// How long a mask of a layer's output lasts.
  public enum MaskKind: String, Sendable, Codable, CaseIterable {
    /// One mask for all steps of a window (Gal & Ghahramani 2016, "A theoretically grounded
    /// application of dropout in recurrent neural networks", where it is called variational;
    /// "locked" in AWD-LSTM, Merity et al. 2018).
    case locked
    /// A mask for each step (Zaremba et al. 2014, "Recurrent neural network regularization"), as
    /// `torch.nn.LSTM` has between its layers.
    case perStep = "per-step"
  }

  /// The rate for the units that a layer hands to the next one. Its own next time step receives all
  /// units.
  public var layerOutput = 0.0
  /// How long a mask of `layerOutput` lasts.
  public var maskKind = MaskKind.locked
  /// The rate for symbols: a dropped one reads as zeros at all of its positions in the window (Gal
  /// & Ghahramani 2016). Only the look-up of inputs is affected.
  public var embedding = 0.0
  /// The rate for the elements of each layer's W_hh: DropConnect (Wan et al. 2013, "Regularization
  /// of neural networks using DropConnect"), with one mask for all steps of a window as in
  /// AWD-LSTM.
  public var recurrentWeight = 0.0

  /// No dropout.
  public static let none = Dropout()

  /// Creates rates.
  public init(
    layerOutput: Double = 0, maskKind: MaskKind = .locked, embedding: Double = 0,
    recurrentWeight: Double = 0
  ) {
    self.layerOutput = layerOutput
    self.maskKind = maskKind
    self.embedding = embedding
    self.recurrentWeight = recurrentWeight
  }

  var isValid: Bool {
    [layerOutput, embedding, recurrentWeight].allSatisfy { $0 >= 0 && $0 < 1 }
  }
}
