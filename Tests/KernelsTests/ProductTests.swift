import Kernels
import Testing

/// A matrix of random numbers and its memory.
struct RandomMatrix: ~Copyable {
  let buffer: AlignedBuffer<Float>
  let rowCount: Int
  let columnCount: Int

  init(_ rowCount: Int, _ columnCount: Int, seed: UInt64) {
    buffer = AlignedBuffer(repeating: 0, count: rowCount * columnCount)
    self.rowCount = rowCount
    self.columnCount = columnCount
    var stream = RandomStream(seed: seed)
    for index in 0..<buffer.count { buffer.start[index] = Float(stream.nextUniform() * 2 - 1) }
  }

  var view: MatrixView {
    MatrixView(start: buffer.start, rowCount: rowCount, columnCount: columnCount)
  }

  subscript(row: Int, column: Int) -> Double {
    Double(buffer.start[row * columnCount + column])
  }
}

@Suite struct ProductTests {
  /// Sums of up to 300 products of numbers below 1 in float32.
  static let tolerance = 2e-5

  /// Around every edge of the tiles: 6 rows, vectors of 4, 8 and 16, panels of up to 64 columns,
  /// blocks 128 deep and of 48 or 96 rows.
  static let shapes: [(Int, Int, Int)] = [
    (1, 1, 1), (1, 3, 300), (2, 130, 15), (3, 7, 16), (5, 17, 17), (6, 64, 64), (7, 128, 65),
    (13, 129, 100), (19, 300, 7), (50, 33, 131), (1, 64, 513),
    (97, 20, 70), (193, 5, 33),
  ]

  @Test(arguments: InstructionSet.available, shapes)
  func productsEqualDoublePrecision(instructionSet: InstructionSet, shape: (Int, Int, Int)) {
    let kernels = KernelSet(instructionSet)
    let (rows, depth, columns) = shape
    let a = RandomMatrix(rows, depth, seed: 1)
    let b = RandomMatrix(depth, columns, seed: 2)
    let transposed = RandomMatrix(columns, depth, seed: 2)
    for k in 0..<depth {
      for n in 0..<columns {
        transposed.buffer.start[n * depth + k] = b.buffer.start[k * columns + n]
      }
    }
    for isTransposed in [false, true] {
      let packed =
        isTransposed
        ? PackedMatrix(transposed, transposed: true, kernels: kernels)
        : PackedMatrix(b, kernels: kernels)
      let c = RandomMatrix(rows, columns, seed: 3)
      let before = RandomMatrix(rows, columns, seed: 3)
      kernels.multiply(a.view, by: packed.view, into: c.view, adding: true)
      // max() would ignore NaN.
      var isClose = true
      for m in 0..<rows {
        for n in 0..<columns {
          let sum = (0..<depth).reduce(before[m, n]) { $0 + a[m, $1] * b[$1, n] }
          isClose = isClose && abs(c[m, n] - sum) <= Self.tolerance
        }
      }
      #expect(isClose)
    }
  }

  @Test(arguments: InstructionSet.available, shapes)
  func transposedProductsEqualDoublePrecision(
    instructionSet: InstructionSet, shape: (Int, Int, Int)
  ) {
    let kernels = KernelSet(instructionSet)
    let (rows, depth, columns) = shape
    let a = RandomMatrix(depth, rows, seed: 1)
    let b = RandomMatrix(depth, columns, seed: 2)
    let scratch = AlignedBuffer<Float>(
      repeating: .nan, count: kernels.transposedScratchCount(columns: columns))
    let whole = RandomMatrix(rows, columns, seed: 3)
    let before = RandomMatrix(rows, columns, seed: 3)
    let parts = RandomMatrix(rows, columns, seed: 3)
    kernels.addTransposedProduct(
      a.view, b.view, into: whole.view, rows: 0..<rows, scratch: scratch.start)
    for row in 0..<rows {
      kernels.addTransposedProduct(
        a.view, b.view, into: parts.view, rows: row..<row + 1, scratch: scratch.start)
    }
    for m in 0..<rows {
      for n in 0..<columns {
        let sum = (0..<depth).reduce(before[m, n]) { $0 + a[$1, m] * b[$1, n] }
        #expect(abs(whole[m, n] - sum) <= Self.tolerance)
        #expect(whole[m, n] == parts[m, n])
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func cuttingRowsChangesNoBit(instructionSet: InstructionSet) {
    let kernels = KernelSet(instructionSet)
    let a = RandomMatrix(23, 70, seed: 1)
    let b = RandomMatrix(70, 300, seed: 2)
    let packed = PackedMatrix(b, kernels: kernels)
    let whole = RandomMatrix(23, 300, seed: 3)
    kernels.multiply(a.view, by: packed.view, into: whole.view)
    for size in 1...8 {
      let parts = RandomMatrix(23, 300, seed: 4)
      for first in stride(from: 0, to: 23, by: size) {
        let rows = first..<min(23, first + size)
        kernels.multiply(a.view.rows(rows), by: packed.view, into: parts.view.rows(rows))
      }
      #expect(
        (0..<whole.buffer.count).allSatisfy { whole.buffer.start[$0] == parts.buffer.start[$0] })
    }
  }

  @Test(arguments: InstructionSet.available, shapes)
  func aBiasIsAddedToEveryRow(instructionSet: InstructionSet, shape: (Int, Int, Int)) {
    let kernels = KernelSet(instructionSet)
    let (rows, depth, columns) = shape
    let a = RandomMatrix(rows, depth, seed: 1)
    let b = RandomMatrix(depth, columns, seed: 2)
    let bias = RandomMatrix(1, columns, seed: 3)
    let packed = PackedMatrix(b, kernels: kernels)
    let c = RandomMatrix(rows, columns, seed: 4)
    kernels.multiply(a.view, by: packed.view, bias: bias.view, into: c.view)
    for m in 0..<rows {
      for n in 0..<columns {
        let sum = (0..<depth).reduce(bias[0, n]) { $0 + a[m, $1] * b[$1, n] }
        #expect(abs(c[m, n] - sum) <= Self.tolerance)
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func cuttingColumnsAtPanelsChangesNoBit(instructionSet: InstructionSet) {
    let kernels = KernelSet(instructionSet)
    let a = RandomMatrix(9, 70, seed: 1)
    let b = RandomMatrix(70, 300, seed: 2)
    let packed = PackedMatrix(b, kernels: kernels)
    for rowCount in [1, 9] {
      let rows = a.view.rows(0..<rowCount)
      let whole = RandomMatrix(rowCount, 300, seed: 3)
      kernels.multiply(rows, by: packed.view, into: whole.view)
      let fromEnd = RandomMatrix(rowCount, 300, seed: 5)
      kernels.multiply(rows, by: packed.view, into: fromEnd.view, fromEnd: true)
      #expect(
        (0..<whole.buffer.count).allSatisfy { whole.buffer.start[$0] == fromEnd.buffer.start[$0] })
      let parts = RandomMatrix(rowCount, 300, seed: 4)
      for first in stride(from: 0, to: 300, by: kernels.panelWidth) {
        let columns = first..<min(300, first + kernels.panelWidth)
        kernels.multiply(rows, by: packed.view.columns(columns), into: parts.view.columns(columns))
      }
      #expect(
        (0..<whole.buffer.count).allSatisfy { whole.buffer.start[$0] == parts.buffer.start[$0] })
    }
  }

  @Test(arguments: InstructionSet.available, shapes)
  func transposedProductsSumColumnsOnRequest(
    instructionSet: InstructionSet, shape: (Int, Int, Int)
  ) {
    let kernels = KernelSet(instructionSet)
    let (rows, depth, columns) = shape
    let a = RandomMatrix(depth, rows, seed: 1)
    let b = RandomMatrix(depth, columns, seed: 2)
    let c = RandomMatrix(rows, columns, seed: 3)
    let sums = RandomMatrix(1, rows, seed: 4)
    let before = RandomMatrix(1, rows, seed: 4)
    let scratch = AlignedBuffer<Float>(
      repeating: .nan, count: kernels.transposedScratchCount(columns: columns))
    let asked = rows / 3..<rows
    kernels.addTransposedProduct(
      a.view, b.view, into: c.view, rows: asked, columnSums: sums.buffer.start,
      scratch: scratch.start)
    for row in 0..<rows {
      let sum = asked.contains(row) ? (0..<depth).reduce(0) { $0 + a[$1, row] } : 0
      #expect(abs(sums[0, row] - before[0, row] - sum) <= Self.tolerance)
    }
  }
}
