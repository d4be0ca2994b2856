/// What a training pass leaves out at random, window by window; a finished network leaves out nothing.
///
/// ```swift
/// var dropout = Dropout(layerOutput: 0.3)
/// dropout.recurrentWeight = 0.5
/// ```
///
/// Each rate is the probability, in 0 ..< 1, of a mask's element to be 0; the others are 1 / (1 - rate), so
/// that the mean stays what it is without dropout (Srivastava et al. 2014, "Dropout: a simple way to prevent
/// neural networks from overfitting").
///
/// ```
/// x_t = m_e[token_t] * embedding[token_t]                       m_e (V), one a window
/// recurrent sums = (M_l * W_hh) h_{t-1} + b_hh                  M_l (G H, H), one a window
/// output of layer l = m_l * h_t                                 m_l (B, H), of a window or of a step
/// ```
public struct Dropout: Sendable, Equatable {
  /// How long a mask of a layer's output lasts.
  public enum MaskKind: String, Sendable, Codable, CaseIterable {
    /// One mask for all steps of a window (Gal & Ghahramani 2016, "A theoretically grounded application of
    /// dropout in recurrent neural networks", there called variational; "locked" in AWD-LSTM, Merity et al. 2018).
    case locked
    /// A mask for each step (Zaremba et al. 2014, "Recurrent neural network regularization"); what
    /// `torch.nn.LSTM` does between its layers.
    case perStep = "per-step"
  }

  /// Of the units that a layer hands up; what it hands to its own next step is whole.
  public var layerOutput = 0.0
  public var maskKind = MaskKind.locked
  /// Of the symbols: a dropped one reads as zeros throughout the window, in each place where it stands (Gal &
  /// Ghahramani 2016). Only the look-up of inputs is touched.
  public var embedding = 0.0
  /// Of the elements of each layer's W_hh: DropConnect (Wan et al. 2013, "Regularization of neural networks using
  /// DropConnect"), as in AWD-LSTM one mask for all steps of a window.
  public var recurrentWeight = 0.0

  public static let none = Dropout()

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
