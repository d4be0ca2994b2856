import RecurrentNetwork

/// A network and the windows that it is trained on.
package struct TrainingShape: Sendable, Equatable {
  package var network: NetworkConfiguration
  /// B
  package var batchSize: Int
  /// T
  package var windowLength: Int

  package init(network: NetworkConfiguration, batchSize: Int, windowLength: Int) {
    self.network = network
    self.batchSize = batchSize
    self.windowLength = windowLength
  }

  /// E = H, and the 65 symbols of an English text unless told otherwise.
  package init(
    _ cell: CellKind, layers: Int, hiddenSize: Int, batchSize: Int, windowLength: Int,
    vocabularySize: Int = 65
  ) {
    self.init(
      network: NetworkConfiguration(
        cell: cell, vocabularySize: vocabularySize, embeddingSize: hiddenSize,
        hiddenSize: hiddenSize, layerCount: layers),
      batchSize: batchSize, windowLength: windowLength)
  }

  /// From the small networks that people try first to those that fill a night; the last one has the
  /// vocabulary of a Chinese novel.
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

/// What cannot be measured.
package enum BenchmarkingError: Error, Equatable, CustomStringConvertible {
  /// No text can be spelled with the tokens that every vocabulary has.
  case vocabularyTooSmall(size: Int)

  /// The unknown token, the begin of a text, and one character.
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
