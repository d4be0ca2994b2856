import Kernels
import RecurrentNetwork
import Testing

/// A cell to run tests with.
struct TestedCell: Sendable, CustomTestStringConvertible {
  let kind: CellKind
  let activation: Activation?

  /// The Elman RNN with each of its activations, and the other cells.
  static let all = CellKind.allCases.flatMap { kind in
    let activations: [Activation?] = kind == .rnn ? Activation.allCases : [nil]
    return activations.map { TestedCell(kind: kind, activation: $0) }
  }

  var testDescription: String {
    kind.rawValue + (activation.map { "-\($0.rawValue)" } ?? "")
  }

  func network(
    vocabularySize: Int, embeddingSize: Int, hiddenSize: Int, layerCount: Int
  ) -> NetworkConfiguration {
    NetworkConfiguration(
      cell: kind, activation: activation, vocabularySize: vocabularySize,
      embeddingSize: embeddingSize,
      hiddenSize: hiddenSize, layerCount: layerCount)
  }
}
