import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// The accuracy of the fast code. If `CHARLM_PRINT_ACCURACY` is set, it prints the tables of
/// `docs/numerical-accuracy.md`, which `scripts/measure-accuracy.sh` writes.
@Suite(.serialized) struct NumericalAccuracyTests {
  /// The largest relative error over the tensors of a kind, in networks of one, two and three
  /// layers.
  private struct Errors {
    private(set) var byKind: [String: Double] = [:]

    /// Outputs, then gradients.
    static let kinds = [
      "logits", "loss", "state", "embedding.weight", "rnn.weight_ih", "rnn.weight_hh",
      "rnn.bias_ih", "rnn.bias_hh", "rnn.gain_ih", "rnn.gain_hh", "lm_head.weight",
      "lm_head.bias",
    ]

    /// Those that a cell has: gains only with normalization, those of recurrent sums only a GRU.
    static func kinds(of cell: String) -> Set<String> {
      Set(kinds).subtracting(
        !cell.contains("-normalized")
          ? ["rnn.gain_ih", "rnn.gain_hh"] : cell.hasPrefix("gru") ? [] : ["rnn.gain_hh"])
    }

    mutating func add(_ errors: [(name: String, error: Double)]) {
      for (name, error) in errors {
        // weight_ih_l0, weight_ih_l1, ... are of one kind.
        let kind = name.replacing(/_l[0-9]+$/, with: "")
        byKind[kind] = max(byKind[kind] ?? 0, error)
      }
    }

    var cells: [String] { Errors.kinds.map { byKind[$0].map(accuracyText) ?? "" } }
  }

  private static let cells = [
    "lstm", "gru", "rnn-tanh", "rnn-relu", "lstm-normalized", "gru-normalized", "rnn-normalized",
    "coupled-lstm", "lstm-residual", "gru-normalized-residual",
  ]

  private static func references(_ cell: String) throws -> [ReferenceNetwork] {
    try ReferenceNetwork.depths(of: cell).map { try ReferenceNetwork("\(cell)-\($0)-layers") }
  }

  @Test func fastCodeAgainstPyTorch() throws {
    var rows: [[String]] = []
    for cell in Self.cells {
      for instructionSet in InstructionSet.available {
        var errors = Errors()
        for reference in try Self.references(cell) {
          errors.add(
            reference.fastResult(instructionSet).errors(
              against: reference.expected, layout: reference.layout))
        }
        #expect(Set(errors.byKind.keys) == Errors.kinds(of: cell))
        #expect(errors.byKind.values.allSatisfy { $0 <= ReferenceNetworkTests.fastTolerance })
        rows.append([cell, instructionSet.rawValue] + errors.cells)
      }
    }
    publishAccuracy(
      "Against PyTorch", titles: ["cell", "instructions"] + Errors.kinds, rows: rows)
  }

  @Test func fastCodeAgainstTheTwin() throws {
    var rows: [[String]] = []
    for cell in Self.cells + ["rnn-sigmoid"] {
      for instructionSet in InstructionSet.available {
        var errors = Errors()
        // PyTorch has no sigmoid cell: it takes the numbers of the tanh cell.
        let isSigmoid = cell == "rnn-sigmoid"
        for reference in try Self.references(isSigmoid ? "rnn-tanh" : cell) {
          let reference = isSigmoid ? reference.applying(.sigmoid) : reference
          errors.add(
            reference.fastResult(instructionSet).errors(
              against: reference.twinResult(), layout: reference.layout))
        }
        #expect(errors.byKind.values.allSatisfy { $0 <= ReferenceNetworkTests.fastTolerance })
        rows.append([cell, instructionSet.rawValue] + errors.cells)
      }
    }
    publishAccuracy(
      "Against the twin", titles: ["cell", "instructions"] + Errors.kinds, rows: rows)
  }

  @Test func twinAgainstPyTorch() throws {
    var rows: [[String]] = []
    for cell in Self.cells {
      var errors = Errors()
      for reference in try Self.references(cell) {
        errors.add(
          reference.twinResult().errors(against: reference.expected, layout: reference.layout))
      }
      #expect(errors.byKind.values.allSatisfy { $0 <= ReferenceNetworkTests.twinTolerance })
      rows.append([cell] + errors.cells)
    }
    publishAccuracy("The twin against PyTorch", titles: ["cell"] + Errors.kinds, rows: rows)
  }
}
