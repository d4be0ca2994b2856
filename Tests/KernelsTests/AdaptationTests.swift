import Foundation
import Kernels
import Testing

@Suite struct AdaptationTests {
  /// A few roundings to Float of numbers of about 1.
  static let tolerance = 1e-6

  @Test(arguments: InstructionSet.available, [1, 5, 16, 203])
  func aStepIsWhatItsDefinitionSays(instructionSet: InstructionSet, count: Int) {
    let found = RandomMatrix(1, count, seed: 1)
    let original = RandomMatrix(1, count, seed: 1)
    let gradients = RandomMatrix(1, count, seed: 2)
    let trained = RandomMatrix(1, count, seed: 3)
    let roots = RandomMatrix(1, count, seed: 4)
    // Some of the decays reach 1.
    for index in 0..<count { roots.buffer.start[index] = abs(roots.buffer.start[index]) }
    let (learningRate, epsilon, decay) = (0.02, 0.1, 2.0)
    for range in [0..<count / 2, count / 2..<count] {
      KernelSet(instructionSet).adapt(
        found.buffer.start, range: range, gradients: gradients.buffer.start,
        trained: trained.buffer.start, roots: roots.buffer.start, learningRate: learningRate,
        epsilon: epsilon, decay: decay)
    }
    for index in 0..<count {
      let (p, root) = (original[0, index], roots[0, index])
      let pull = min(decay * root, 1) * (trained[0, index] - p)
      let expected = p + pull - learningRate * gradients[0, index] / (root + epsilon)
      #expect(abs(found[0, index] - expected) < Self.tolerance)
    }
  }
}
