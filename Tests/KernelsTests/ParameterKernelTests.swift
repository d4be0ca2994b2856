import Foundation
import Kernels
import Testing

@Suite struct ParameterKernelTests {
  /// The logarithm of a sum of three equal exponentials is kept beside logits of any size.
  @Test(arguments: InstructionSet.available, [Float(0), 1e4, -1e17, 1e30])
  func equalLogitsOfAnySizeAreEquallyLikely(instructionSet: InstructionSet, logit: Float) {
    let logits = AlignedBuffer<Float>(repeating: logit, count: 3)
    var nats = [0.0]
    KernelSet(instructionSet).crossEntropy(
      MatrixView(start: logits.start, rowCount: 1, columnCount: 3), targets: [1], nats: &nats)
    #expect(abs(nats[0] - log(3)) < 1e-6)
    KernelSet(instructionSet).crossEntropyGradient(
      MatrixView(start: logits.start, rowCount: 1, columnCount: 3), targets: [1], nats: &nats,
      scale: 1)
    #expect(abs(nats[0] - log(3)) < 1e-6)
  }

  @Test(arguments: InstructionSet.available, [1, 5, 16, 1_003])
  func sumsOfSquaresAreExactToDoublePrecision(instructionSet: InstructionSet, count: Int) {
    let values = RandomMatrix(1, count, seed: 1)
    let expected = (0..<count).reduce(0) { $0 + values[0, $1] * values[0, $1] }
    let sum = KernelSet(instructionSet).sumOfSquares(values.buffer.start, count: count)
    #expect(abs(sum - expected) <= 1e-13 * expected)
  }

  @Test(arguments: InstructionSet.available, [1, 4, 17, 300])
  func crossEntropyIsTheLogarithmOfTheSoftmax(instructionSet: InstructionSet, columns: Int) {
    let kernels = KernelSet(instructionSet)
    let rows = 3
    let logits = RandomMatrix(rows, columns, seed: 1)
    for index in 0..<logits.buffer.count { logits.buffer.start[index] *= 40 }
    let original = RandomMatrix(rows, columns, seed: 1)
    let targets = (0..<rows).map { UInt16($0 * (columns - 1) / 2) }
    var nats = [Double](repeating: .nan, count: rows)
    kernels.crossEntropy(logits.view, targets: targets, nats: &nats)
    var natsWithGradient = [Double](repeating: .nan, count: rows)
    kernels.crossEntropyGradient(
      logits.view, targets: targets, nats: &natsWithGradient, scale: 0.25)
    #expect(nats == natsWithGradient)
    for r in 0..<rows {
      let values = (0..<columns).map { 40 * original[r, $0] }
      let top = values.max()!
      let total = values.reduce(0) { $0 + exp($1 - top) }
      let target = Int(targets[r])
      #expect(abs(nats[r] - (log(total) + top - values[target])) < 1e-5)
      for n in 0..<columns {
        let gradient = 0.25 * (exp(values[n] - top) / total - (n == target ? 1 : 0))
        #expect(abs(logits[r, n] - gradient) < 1e-6)
      }
    }
  }

  @Test func streamsAreSplitMix64AndDependOnEveryPurpose() {
    // The reference implementation's first five numbers for the state 1234567.
    var stream = RandomStream(state: 1_234_567)
    #expect(
      (0..<5).map { _ in stream.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
    var firsts: Set<UInt64> = []
    for seed in 0..<10 {
      for a in 0..<10 {
        for b in 0..<10 {
          var stream = RandomStream(seed: UInt64(seed), purpose: UInt64(a), UInt64(b))
          firsts.insert(stream.next())
        }
      }
    }
    #expect(firsts.count == 1_000)
    var uniform = RandomStream(seed: 1)
    let numbers = (0..<100_000).map { _ in uniform.nextUniform() }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(numbers.reduce(0, +) / 100_000 - 0.5) < 0.005)
  }
}
