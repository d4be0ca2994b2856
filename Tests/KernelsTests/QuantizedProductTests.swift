import Kernels
import Testing

/// Products with 8-bit weights, against the same sums in double precision.
@Suite struct QuantizedProductTests {
  /// Around the edges of vectors, panels, pairs of rows and blocks of 1,024 rows.
  static let shapes: [(Int, Int, Int)] = [
    (1, 1, 1), (1, 2, 64), (2, 7, 65), (3, 64, 128), (1, 1_025, 17), (2, 2_100, 33),
  ]

  /// A weight is off by at most half of its column's scale, max |B| / 127, and an element of a by
  /// half of 1 / 16,513 of the largest; the rest is float32.
  private func largestError(_ a: [Double], _ b: [Double]) -> Double {
    let weightError = b.map(abs).max()! / 254
    let inputError = a.map(abs).max()! / 33_000
    return zip(a, b).reduce(1e-5) { sum, pair in
      sum + abs(pair.0) * weightError + (abs(pair.1) + weightError) * inputError
    }
  }

  @Test(arguments: InstructionSet.available, shapes)
  func productsAreWithinTheErrorOfRounding(
    instructionSet: InstructionSet, shape: (Int, Int, Int)
  ) {
    let kernels = KernelSet(instructionSet)
    let (rows, depth, columns) = shape
    let a = RandomMatrix(rows, depth, seed: 1)
    for transposed in [false, true] {
      let b =
        transposed
        ? RandomMatrix(columns, depth, seed: 2) : RandomMatrix(depth, columns, seed: 2)
      let packed = PackedMatrix(
        b, transposed: transposed, precision: .int8, kernels: kernels)
      let c = RandomMatrix(rows, columns, seed: 3)
      let before = RandomMatrix(rows, columns, seed: 3)
      kernels.multiply(a.view, by: packed.view, into: c.view, adding: true)
      for m in 0..<rows {
        for n in 0..<columns {
          let row = (0..<depth).map { a[m, $0] }
          let column = (0..<depth).map { transposed ? b[n, $0] : b[$0, n] }
          let sum = zip(row, column).reduce(before[m, n]) { $0 + $1.0 * $1.1 }
          #expect(abs(c[m, n] - sum) <= largestError(row, column))
        }
      }
    }
  }

  /// Weights that are integer multiples of max / 127 lose nothing, and neither do inputs of 0 and
  /// 1.
  @Test(arguments: InstructionSet.available)
  func wholeNumbersAreExact(instructionSet: InstructionSet) {
    let kernels = KernelSet(instructionSet)
    let a = RandomMatrix(2, 70, seed: 1)
    let b = RandomMatrix(70, 40, seed: 2)
    for index in 0..<a.buffer.count { a.buffer.start[index] = a.buffer.start[index] > 0 ? 1 : 0 }
    for index in 0..<b.buffer.count {
      b.buffer.start[index] = index < 40 ? 127 : (b.buffer.start[index] * 127).rounded()
    }
    let packed = PackedMatrix(b, precision: .int8, kernels: kernels)
    let c = RandomMatrix(2, 40, seed: 3)
    kernels.multiply(a.view, by: packed.view, into: c.view)
    for m in 0..<2 {
      for n in 0..<40 {
        let sum = (0..<70).reduce(0) { $0 + a[m, $1] * b[$1, n] }
        #expect(abs(c[m, n] - sum) <= 1e-3)
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func zerosStayZero(instructionSet: InstructionSet) {
    let kernels = KernelSet(instructionSet)
    let a = RandomMatrix(1, 9, seed: 1)
    let b = RandomMatrix(9, 5, seed: 2)
    b.view.fill(with: 0)
    let c = RandomMatrix(1, 5, seed: 3)
    let packed = PackedMatrix(b, precision: .int8, kernels: kernels)
    kernels.multiply(a.view, by: packed.view, into: c.view)
    #expect((0..<5).allSatisfy { c[0, $0] == 0 })
    a.view.fill(with: 0)
    let other = RandomMatrix(9, 5, seed: 4)
    let otherPacked = PackedMatrix(other, precision: .int8, kernels: kernels)
    kernels.multiply(a.view, by: otherPacked.view, into: c.view)
    #expect((0..<5).allSatisfy { c[0, $0] == 0 })
  }

  @Test(arguments: InstructionSet.available)
  func cuttingColumnsAtPanelsChangesNoBit(instructionSet: InstructionSet) {
    let kernels = KernelSet(instructionSet)
    let a = RandomMatrix(2, 1_031, seed: 1)
    let b = RandomMatrix(1_031, 150, seed: 2)
    let packed = PackedMatrix(b, precision: .int8, kernels: kernels)
    let whole = RandomMatrix(2, 150, seed: 3)
    kernels.multiply(a.view, by: packed.view, into: whole.view)
    let parts = RandomMatrix(2, 150, seed: 4)
    for first in stride(from: 0, to: 150, by: kernels.panelWidth) {
      let columns = first..<min(150, first + kernels.panelWidth)
      kernels.multiply(
        a.view, by: packed.view.columns(columns), into: parts.view.columns(columns))
    }
    #expect(
      (0..<whole.buffer.count).allSatisfy { whole.buffer.start[$0] == parts.buffer.start[$0] })
  }
}
