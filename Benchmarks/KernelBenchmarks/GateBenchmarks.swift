import Benchmark
import Kernels

/// The element-wise half of a step of each cell, forth and back, on 25 rows of 512 units.
func addGateBenchmarks() {
  let kernels = KernelSet(.best)
  let (rows, hidden) = (25, 512)
  let units = 0..<hidden
  func matrices(gateCount: Int) -> Matrices {
    Matrices(
      [(rows, gateCount * hidden)] + Array(repeating: (rows, hidden), count: 4), kernels: kernels)
  }
  func add(
    _ name: String, gateCount: Int, _ step: @escaping @Sendable (Matrices) -> Void
  ) {
    Benchmark("gates: \(name) \(rows) x \(hidden)", configuration: .init(scalingFactor: .kilo)) {
      benchmark, matrices in
      for _ in benchmark.scaledIterations { step(matrices) }
    } setup: {
      matrices(gateCount: gateCount)
    }
  }
  add("lstm", gateCount: 4) {
    kernels.lstmForward(
      isCoupled: false, gates: $0[0], previousCell: $0[1], cell: $0[2], cellTanh: $0[3],
      hidden: $0[4],
      units: units)
  }
  add("lstm, back", gateCount: 4) {
    kernels.lstmBackward(
      isCoupled: false, gates: $0[0], previousCell: $0[1], cellTanh: $0[2], hiddenGradient: $0[3],
      cellGradient: $0[4], units: units)
  }
  add("coupled lstm", gateCount: 3) {
    kernels.lstmForward(
      isCoupled: true, gates: $0[0], previousCell: $0[1], cell: $0[2], cellTanh: $0[3],
      hidden: $0[4],
      units: units)
  }
  add("coupled lstm, back", gateCount: 3) {
    kernels.lstmBackward(
      isCoupled: true, gates: $0[0], previousCell: $0[1], cellTanh: $0[2], hiddenGradient: $0[3],
      cellGradient: $0[4], units: units)
  }
  add("gru", gateCount: 3) {
    kernels.gruForward(
      gates: $0[0], recurrentCandidate: $0[1], previousHidden: $0[2], hidden: $0[3],
      units: units)
  }
  add("gru, back", gateCount: 3) {
    kernels.gruBackward(
      gates: $0[0], recurrentCandidate: $0[1], previousHidden: $0[2], hiddenGradient: $0[3],
      stateGradient: $0[4], units: units)
  }
  add("rnn", gateCount: 1) {
    kernels.elmanForward(sums: $0[0], hidden: $0[1], units: units, activation: .tanh)
  }
  add("rnn, back", gateCount: 1) {
    kernels.elmanBackward(
      gradient: $0[0], hidden: $0[1], hiddenGradient: $0[2], units: units, activation: .tanh)
  }
}
