import Kernels
import RecurrentNetwork

/// A network that scores or generates texts, its precision, and the number of texts.
package struct InferenceShape: Sendable, Equatable {
  package let network: NetworkConfiguration
  package let precision: WeightPrecision
  /// Texts side by side.
  package let textCount: Int

  package init(
    _ network: NetworkConfiguration, precision: WeightPrecision = .float32, textCount: Int = 1
  ) {
    self.network = network
    self.precision = precision
    self.textCount = textCount
  }

  /// LSTMs of two layers over 65 symbols.
  private static func lstm(
    _ hiddenSize: Int, _ precision: WeightPrecision = .float32, textCount: Int = 1
  ) -> InferenceShape {
    InferenceShape(
      NetworkConfiguration(
        vocabularySize: 65, embeddingSize: hiddenSize, hiddenSize: hiddenSize, layerCount: 2),
      precision: precision, textCount: textCount)
  }

  /// The shapes for a single text.
  package static let standard = [lstm(128), lstm(512), lstm(512, .int8)]
  /// The same shapes, and those for several texts side by side.
  package static let standardOfGeneration =
    standard + [lstm(128, textCount: 64), lstm(512, textCount: 64)]
}
