import Kernels
import Testing

@Suite struct DropoutKernelTests {
  /// The definition: two halves of each number, the low one first.
  private func mask(count: Int, rate: Double, stream: RandomStream) -> [Float] {
    var stream = stream
    let halves = (0..<(count + 1) / 2).flatMap { _ in
      let number = stream.next()
      return [number & 0xFFFF_FFFF, number >> 32]
    }
    return halves.prefix(count).map {
      Double($0) < (rate * 0x1p32).rounded(.down) ? 0 : Float(1 / (1 - rate))
    }
  }

  @Test(arguments: InstructionSet.available, [0.0, 0.25, 0.3, 0.999_999_999_999])
  func masksAreTheSameOnEveryInstructionSet(instructionSet: InstructionSet, rate: Double) {
    let kernels = KernelSet(instructionSet)
    for count in Array(0...40) + [1_001] {
      let stream = RandomStream(seed: UInt64(count))
      // One element more than is drawn, to see that it stays unchanged.
      var values = [Float](repeating: 7, count: count + 1)
      kernels.drawMask(&values, count: count, rate: rate, stream: stream)
      #expect(values.dropLast() == mask(count: count, rate: rate, stream: stream)[...])
      #expect(values.last == 7)
    }
  }

  @Test(arguments: InstructionSet.available, [0, 1, 7, 16, 33, 100])
  func productsAreAddedAndRunsAreScaled(instructionSet: InstructionSet, count: Int) {
    let kernels = KernelSet(instructionSet)
    // Integers, so that every result is exact.
    let a = (0..<count).map { Float($0 % 7) - 3 }
    let b = (0..<count).map { Float($0 % 5) - 2 }
    var sums = [Float](repeating: 10, count: count + 1)
    kernels.addProducts(a, b, to: &sums, count: count)
    #expect(sums == zip(a, b).map { 10 + $0 * $1 } + [10])
    kernels.scale(&sums, by: -2, count: count)
    #expect(sums == zip(a, b).map { -2 * (10 + $0 * $1) } + [10])
  }
}
