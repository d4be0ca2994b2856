import RecurrentNetwork
import Testing

/// A cell that the tests run with.
struct TestedCell: Sendable, CustomTestStringConvertible {
  let kind: CellKind

  static let all = CellKind.allCases.map { TestedCell(kind: $0) }

  var testDescription: String { kind.rawValue }

  func network(
    vocabularySize: Int, embeddingSize: Int, hiddenSize: Int, layerCount: Int
  ) -> NetworkConfiguration {
    NetworkConfiguration(
      cell: kind, vocabularySize: vocabularySize, embeddingSize: embeddingSize,
      hiddenSize: hiddenSize, layerCount: layerCount)
  }
}
