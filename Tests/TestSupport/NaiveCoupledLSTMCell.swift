import Foundation
import RecurrentNetwork

/// f, o = sigmoid; g = tanh; c = f c' + (1 - f) g; h = o tanh(c), where c' and h' are the previous
/// state.
struct NaiveCoupledLSTMCell: NaiveCell {
  private struct Gates {
    var f, g, o, cell: [Double]
  }

  private func gates(
    _ inputSums: [Double], _ recurrentSums: [Double], _ previous: NaiveCellState
  ) -> Gates {
    let z = blocks(zip(inputSums, recurrentSums).map { $0 + $1 }, 3)
    let (f, g, o) = (z[0].map(sigmoid), z[1].map { tanh($0) }, z[2].map(sigmoid))
    let cell = previous.cell.indices.map { f[$0] * previous.cell[$0] + (1 - f[$0]) * g[$0] }
    return Gates(f: f, g: g, o: o, cell: cell)
  }

  func forward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> NaiveCellState {
    let gates = gates(inputSums, recurrentSums, previous)
    return NaiveCellState(
      hidden: zip(gates.o, gates.cell).map { $0 * tanh($1) }, cell: gates.cell)
  }

  func gates(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> [TracedVector: [Double]] {
    let gates = gates(inputSums, recurrentSums, previous)
    return [.forgetGate: gates.f, .inputCandidate: gates.g, .outputGate: gates.o]
  }

  func backward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState,
    gradient: NaiveCellState
  ) -> NaiveCellGradient {
    let step = gates(inputSums, recurrentSums, previous)
    let size = previous.hidden.count
    var sums = Array(repeating: 0.0, count: 3 * size)
    var earlier = NaiveCellState.zero(hiddenSize: size)
    for j in 0..<size {
      let (f, g, o) = (step.f[j], step.g[j], step.o[j])
      let dh = gradient.hidden[j]
      let cellTanh = tanh(step.cell[j])
      let dc = gradient.cell[j] + dh * o * (1 - cellTanh * cellTanh)
      sums[j] = dc * (previous.cell[j] - g) * f * (1 - f)
      sums[size + j] = dc * (1 - f) * (1 - g * g)
      sums[2 * size + j] = dh * cellTanh * o * (1 - o)
      earlier.cell[j] = dc * f
    }
    return NaiveCellGradient(inputSums: sums, recurrentSums: sums, previous: earlier)
  }
}
