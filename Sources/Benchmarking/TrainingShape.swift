import RecurrentNetwork

/// A network and the windows to train it on.
package struct TrainingShape: Sendable, Equatable {
  package var network: NetworkConfiguration
  /// B.
  package var batchSize: Int
  /// T.
  package var windowLength: Int

  package init(network: NetworkConfiguration, batchSize: Int, windowLength: Int) {
    self.network = network
    self.batchSize = batchSize
    self.windowLength = windowLength
  }

  /// E = H; by default, the 65 symbols of an English text.
  /// - Parameters:
  ///   - isNormalized: whether sums are normalized, in the usual groups.
  ///   - isResidual: whether layers add their inputs.
  package init(
    _ cell: CellKind, layers: Int, hiddenSize: Int, batchSize: Int, windowLength: Int,
    vocabularySize: Int = 65, isNormalized: Bool = false, isResidual: Bool = false
  ) {
    self.init(
      network: NetworkConfiguration(
        cell: cell, vocabularySize: vocabularySize, embeddingSize: hiddenSize,
        hiddenSize: hiddenSize, layerCount: layers,
        normalizationGroups: isNormalized
          ? NetworkConfiguration.normalizationGroups(hiddenSize: hiddenSize) : nil,
        isResidual: isResidual),
      batchSize: batchSize, windowLength: windowLength)
  }

  /// Shapes from the small networks of first attempts to those that train overnight; the last one
  /// has the vocabulary of a Chinese novel.
  package static let standard = [
    TrainingShape(.lstm, layers: 2, hiddenSize: 128, batchSize: 50, windowLength: 50),
    TrainingShape(.lstm, layers: 1, hiddenSize: 256, batchSize: 32, windowLength: 64),
    TrainingShape(.lstm, layers: 2, hiddenSize: 512, batchSize: 50, windowLength: 50),
    TrainingShape(.lstm, layers: 2, hiddenSize: 512, batchSize: 128, windowLength: 128),
    TrainingShape(.lstm, layers: 1, hiddenSize: 512, batchSize: 32, windowLength: 64),
    TrainingShape(.lstm, layers: 1, hiddenSize: 1_024, batchSize: 64, windowLength: 128),
    TrainingShape(.gru, layers: 2, hiddenSize: 256, batchSize: 50, windowLength: 100),
    TrainingShape(
      .lstm, layers: 1, hiddenSize: 512, batchSize: 32, windowLength: 64, vocabularySize: 6_500),
  ]
}

/// Errors in the settings of a benchmark.
package enum BenchmarkingError: Error, Equatable, CustomStringConvertible {
  /// The vocabulary has no room for a character besides its special tokens.
  case vocabularyTooSmall(size: Int)

  /// The unknown token, the beginning of a text, and one character.
  package static let leastVocabularySize = 3

  /// The settings concerned, in the words of the description.
  package var settings: [String] { ["vocabulary size"] }

  package var description: String {
    switch self {
    case .vocabularyTooSmall(let size):
      "The vocabulary size is \(size), and two of its tokens are not characters: give 3 or more."
    }
  }
}
