import Kernels

/// Dropout with one mask for all steps of a window (Gal & Ghahramani 2016, "A theoretically grounded
/// application of dropout in recurrent neural networks", there called variational; "locked" in AWD-LSTM,
/// Merity et al. 2018): a unit is 0 with probability `rate` and else multiplied by 1 / (1 - rate).
struct DropoutMask {
  /// In 0 ..< 1.
  let rate: Double

  /// Draws a mask; the same for the same stream, whatever the number of threads.
  func fill(_ mask: MatrixView, stream: RandomStream) {
    var stream = stream
    let kept = Float(1 / (1 - rate))
    for index in 0..<mask.count {
      mask.start[index] = stream.nextUniform() < rate ? 0 : kept
    }
  }
}
