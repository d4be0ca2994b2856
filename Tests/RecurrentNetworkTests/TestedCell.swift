import Kernels
import RecurrentNetwork
import Testing

/// A cell to run tests with.
struct TestedCell: Sendable, CustomTestStringConvertible {
  let kind: CellKind
  let activation: Activation?
  /// The number of groups, or the next smaller one that divides the units of a network, if the sums
  /// are normalized.
  var normalizationGroups: Int?
  /// Whether networks of several layers are residual.
  var isResidual = false

  /// The Elman RNN with each of its activations, and the other cells; one of each kind also with
  /// normalized sums, and one with residual connections.
  static let all =
    CellKind.allCases.flatMap { kind in
      let activations: [Activation?] = kind == .rnn ? Activation.allCases : [nil]
      return activations.map { TestedCell(kind: kind, activation: $0) }
    } + [
      TestedCell(kind: .lstm, activation: nil, normalizationGroups: 4),
      TestedCell(kind: .coupledLSTM, activation: nil, normalizationGroups: 3),
      TestedCell(kind: .gru, activation: nil, normalizationGroups: 1),
      TestedCell(kind: .rnn, activation: .tanh, normalizationGroups: 3),
      TestedCell(kind: .lstm, activation: nil, isResidual: true),
      TestedCell(kind: .gru, activation: nil, normalizationGroups: 2, isResidual: true),
      TestedCell(kind: .rnn, activation: .tanh, isResidual: true),
    ]

  var testDescription: String {
    kind.rawValue + (activation.map { "-\($0.rawValue)" } ?? "")
      + (normalizationGroups.map { "-normalized-\($0)" } ?? "") + (isResidual ? "-residual" : "")
  }

  func network(
    vocabularySize: Int, embeddingSize: Int, hiddenSize: Int, layerCount: Int
  ) -> NetworkConfiguration {
    // A group of one unit has no gradient to compare.
    let groups = normalizationGroups.flatMap { most in
      (1...most).last { hiddenSize.isMultiple(of: $0) && hiddenSize > $0 }
    }
    return NetworkConfiguration(
      cell: kind, activation: activation, vocabularySize: vocabularySize,
      embeddingSize: embeddingSize,
      hiddenSize: hiddenSize, layerCount: layerCount, normalizationGroups: groups,
      isResidual: isResidual && layerCount > 1)
  }
}
