import Kernels
import Testing

/// The kernels' sums and products, operation by operation, as the C files write them.
///
/// Every rounding is in the text, so another compiler, another number of lanes and AVX-512 in place
/// of AVX2 give the same bits.
private struct WrittenArithmetic {
  /// Whether the instruction set has fused multiply-adds.
  let fuses: Bool

  init(_ instructionSet: InstructionSet) {
    #if arch(arm64)
      fuses = true
    #else
      fuses = instructionSet != .baseline
    #endif
  }

  func fused(_ a: Float, _ b: Float, _ c: Float) -> Float {
    fuses ? c.addingProduct(a, b) : a * b + c
  }

  private func parts(_ x: Float, _ sign: Float) -> (power: Float, remainder: Float) {
    let magic: Float = 12583039
    let shifted = fused(x, sign * 1.44269504088896341, magic)
    let n = shifted - magic
    let power = Float(bitPattern: shifted.bitPattern << 23)
    var s = fused(n, -sign * 0.693359375, x)
    s = fused(n, sign * 2.12194440054690583e-4, s)
    var q = fused(s, 1.38825167e-3, sign * 8.36654752e-3)
    q = fused(q, s, 4.16672006e-2)
    q = fused(q, s, sign * 1.66665435e-1)
    q = fused(q, s, 4.9999997e-1)
    return (power, sign * s + s * s * q)
  }

  func exponential(_ x: Float) -> Float {
    let (power, remainder) = parts(min(max(x, -87), 88), 1)
    return fused(power, remainder, power)
  }

  private func sigmoidDenominator(_ x: Float, lowest: Float) -> Float {
    let (power, remainder) = parts(min(max(x, lowest), 87), -1)
    return 1 + fused(power, remainder, power)
  }

  func sigmoid(_ x: Float) -> Float { 1 / sigmoidDenominator(x, lowest: -88) }

  private func tanhNumerator(_ x: Float) -> Float {
    let (power, remainder) = parts(min(max(2 * x, -20), 20), 1)
    return fused(power, remainder, power - 1)
  }

  func tanh(_ x: Float) -> Float {
    let lessOne = tanhNumerator(x)
    return lessOne / (lessOne + 2)
  }

  private func sigmoids(_ x: Float, _ y: Float) -> (Float, Float) {
    let (first, second) = (
      sigmoidDenominator(x, lowest: -43), sigmoidDenominator(y, lowest: -43)
    )
    let reciprocal = 1 / (first * second)
    return (second * reciprocal, first * reciprocal)
  }

  /// The gates after activation, the cell, its tanh, and the hidden state.
  func lstm(
    _ i: Float, _ f: Float, _ g: Float, _ o: Float, before c: Float
  ) -> (gates: [Float], cell: Float, cellTanh: Float, hidden: Float) {
    let (input, forget) = sigmoids(i, f)
    let (lessOne, denominator) = (tanhNumerator(g), sigmoidDenominator(o, lowest: -43))
    let reciprocal = 1 / ((lessOne + 2) * denominator)
    let (candidate, output) = (lessOne * denominator * reciprocal, (lessOne + 2) * reciprocal)
    let cell = fused(input, candidate, forget * c)
    let cellTanh = tanh(cell)
    return ([input, forget, candidate, output], cell, cellTanh, output * cellTanh)
  }

  private func tanhSlope(_ y: Float) -> Float { fused(-y, y, 1) }

  /// The gradients of the gates' sums, and of the cell before.
  func lstmBackward(
    _ gates: [Float], cellBefore: Float, cellTanh: Float, hiddenGradient: Float,
    cellGradient: Float
  ) -> (gates: [Float], cell: Float) {
    let (i, f, g, o) = (gates[0], gates[1], gates[2], gates[3])
    let d = fused(hiddenGradient * o, tanhSlope(cellTanh), cellGradient)
    return (
      [
        d * g * i * (1 - i), d * cellBefore * f * (1 - f), d * i * tanhSlope(g),
        hiddenGradient * cellTanh * o * (1 - o),
      ], d * f
    )
  }

  /// Adam with decoupled decay, without clipping.
  func adam(
    _ p: Float, _ g: Float, _ first: inout Float, _ second: inout Float, rate: Double,
    decay: Double, beta1: Double, beta2: Double, epsilon: Float
  ) -> Float {
    let p = p - fused(Float(rate * decay), p, 0)
    first = fused(Float(beta1), first, Float(1 - beta1) * g)
    second = fused(Float(beta2), second, Float(1 - beta2) * (g * g))
    let root = (second / Float(1 - beta2)).squareRoot() + epsilon
    return p - Float(rate) / Float(1 - beta1) * first / root
  }
}

@Suite struct FusedArithmeticTests {
  /// Not a multiple of any number of lanes.
  private static let count = 1_037

  private static func numbers(_ seed: UInt64, scale: Double, count: Int = count) -> [Float] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in Float(scale * (stream.nextUniform() - 0.5)) }
  }

  @Test(arguments: InstructionSet.available)
  func functionsRoundAsTheyAreWritten(instructionSet: InstructionSet) {
    let written = WrittenArithmetic(instructionSet)
    let values = Self.numbers(1, scale: 180, count: 100_003) + Self.numbers(2, scale: 4)
    for (function, expected) in [
      (KernelSet.ElementFunction.exponential, written.exponential),
      (.sigmoid, written.sigmoid), (.hyperbolicTangent, written.tanh),
    ] {
      let found = VectorFunctionTests.apply(function, values, instructionSet)
      #expect(found.map(\.bitPattern) == values.map { expected($0).bitPattern }, "\(function)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func productsAddInAscendingOrder(instructionSet: InstructionSet) {
    let (written, kernels) = (WrittenArithmetic(instructionSet), KernelSet(instructionSet))
    let (rowCount, depth, columnCount) = (7, 61, 45)
    let a = RandomMatrix(rowCount, depth, seed: 3)
    let b = RandomMatrix(depth, columnCount, seed: 4)
    let c = RandomMatrix(rowCount, columnCount, seed: 5)
    let packed = PackedMatrix(b, kernels: kernels)
    kernels.multiply(a.view, by: packed.view, into: c.view)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        var sum: Float = 0
        for k in 0..<depth {
          sum = written.fused(a.view.row(row)[k], b.view.row(k)[column], sum)
        }
        #expect(c.view.row(row)[column] == sum)
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func anLSTMRoundsAsItIsWritten(instructionSet: InstructionSet) {
    let (written, kernels) = (WrittenArithmetic(instructionSet), KernelSet(instructionSet))
    let count = Self.count
    let gates = RandomMatrix(1, 4 * count, seed: 5)
    kernels.scale(gates.buffer.start, by: 10, count: gates.buffer.count)
    let before = RandomMatrix(1, count, seed: 6)
    let cell = RandomMatrix(1, count, seed: 0)
    let cellTanh = RandomMatrix(1, count, seed: 0)
    let hidden = RandomMatrix(1, count, seed: 0)
    let hiddenGradient = RandomMatrix(1, count, seed: 7)
    let cellGradient = RandomMatrix(1, count, seed: 8)
    func values(_ matrix: borrowing RandomMatrix) -> [Float] {
      Array(UnsafeBufferPointer(start: matrix.buffer.start, count: matrix.buffer.count))
    }
    let (sums, givenCellGradient) = (values(gates), values(cellGradient))
    kernels.lstmForward(
      isCoupled: false, gates: gates.view, previousCell: before.view, cell: cell.view,
      cellTanh: cellTanh.view, hidden: hidden.view, units: 0..<count)
    let activated = values(gates)
    kernels.lstmBackward(
      isCoupled: false, gates: gates.view, previousCell: before.view, cellTanh: cellTanh.view,
      hiddenGradient: hiddenGradient.view, cellGradient: cellGradient.view, units: 0..<count)
    let gradients = values(gates)
    for unit in 0..<count {
      func of(_ blocks: [Float]) -> [Float] { (0..<4).map { blocks[$0 * count + unit] } }
      let sum = of(sums)
      let forward = written.lstm(
        sum[0], sum[1], sum[2], sum[3], before: before.buffer.start[unit])
      #expect(of(activated) == forward.gates)
      #expect(cell.buffer.start[unit] == forward.cell)
      #expect(cellTanh.buffer.start[unit] == forward.cellTanh)
      #expect(hidden.buffer.start[unit] == forward.hidden)
      let backward = written.lstmBackward(
        forward.gates, cellBefore: before.buffer.start[unit], cellTanh: forward.cellTanh,
        hiddenGradient: hiddenGradient.buffer.start[unit], cellGradient: givenCellGradient[unit])
      #expect(of(gradients) == backward.gates)
      #expect(cellGradient.buffer.start[unit] == backward.cell)
    }
  }

  @Test(arguments: InstructionSet.available)
  func anUpdateRoundsAsItIsWritten(instructionSet: InstructionSet) {
    let (written, kernels) = (WrittenArithmetic(instructionSet), KernelSet(instructionSet))
    var parameters = Self.numbers(9, scale: 2)
    let gradients = Self.numbers(10, scale: 0.1)
    var first = Self.numbers(11, scale: 0.1)
    var second = Self.numbers(12, scale: 0.1).map(abs)
    var (expectedFirst, expectedSecond) = (first, second)
    var update = ParameterUpdate(
      rule: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 0.0145, step: 1)
    (update.weightDecay, update.isDecayDecoupled) = (0.1, true)
    let expected = parameters.indices.map {
      written.adam(
        parameters[$0], gradients[$0], &expectedFirst[$0], &expectedSecond[$0], rate: 0.0145,
        decay: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    }
    kernels.update(
      update, range: 0..<Self.count, parameters: &parameters, gradients: gradients,
      firstMoments: &first, secondMoments: &second)
    #expect(parameters == expected)
    #expect(first == expectedFirst)
    #expect(second == expectedSecond)
  }
}
