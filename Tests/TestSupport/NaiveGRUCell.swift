import Foundation
import RecurrentNetwork

/// r, z = sigmoid(a + s); n = tanh(a + r s); h = (1 - z) n + z h', where a are the input sums, s
/// the recurrent sums and h' the previous hidden state.
struct NaiveGRUCell: NaiveCell {
  private func gates(_ a: [[Double]], _ s: [[Double]]) -> (r: [Double], z: [Double], n: [Double]) {
    let r = zip(a[0], s[0]).map { sigmoid($0 + $1) }
    let z = zip(a[1], s[1]).map { sigmoid($0 + $1) }
    let n = r.indices.map { tanh(a[2][$0] + r[$0] * s[2][$0]) }
    return (r, z, n)
  }

  func forward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> NaiveCellState {
    let (_, z, n) = gates(blocks(inputSums, 3), blocks(recurrentSums, 3))
    return NaiveCellState(
      hidden: z.indices.map { (1 - z[$0]) * n[$0] + z[$0] * previous.hidden[$0] },
      cell: previous.cell)
  }

  func gates(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> [TracedVector: [Double]] {
    let (r, z, n) = gates(blocks(inputSums, 3), blocks(recurrentSums, 3))
    return [.resetGate: r, .updateGate: z, .stateCandidate: n]
  }

  func backward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState,
    gradient: NaiveCellState
  ) -> NaiveCellGradient {
    let s = blocks(recurrentSums, 3)
    let (r, z, n) = gates(blocks(inputSums, 3), s)
    let size = previous.hidden.count
    var result = NaiveCellGradient(
      inputSums: Array(repeating: 0, count: 3 * size),
      recurrentSums: Array(repeating: 0, count: 3 * size), previous: .zero(hiddenSize: size))
    for j in 0..<size {
      let dh = gradient.hidden[j]
      let dn = dh * (1 - z[j])
      let dz = dh * (previous.hidden[j] - n[j])
      let candidate = dn * (1 - n[j] * n[j])
      let dr = candidate * s[2][j]
      result.inputSums[j] = dr * r[j] * (1 - r[j])
      result.inputSums[size + j] = dz * z[j] * (1 - z[j])
      result.inputSums[2 * size + j] = candidate
      result.recurrentSums[j] = result.inputSums[j]
      result.recurrentSums[size + j] = result.inputSums[size + j]
      result.recurrentSums[2 * size + j] = candidate * r[j]
      result.previous.hidden[j] = dh * z[j]
    }
    return result
  }
}
