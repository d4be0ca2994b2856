import Compression
import Foundation
import Kernels
import Testing
import Tokenization

@Suite struct TokenIntervalsTests {
  /// The exponentials are rounded to Float.
  static let tolerance = 1e-6

  static func bounds(_ logits: [Float], _ set: InstructionSet = .best) -> [UInt64]? {
    var intervals = TokenIntervals()
    let isFinite = logits.withUnsafeBufferPointer {
      intervals.update($0, kernels: KernelSet(set))
    }
    return isFinite ? intervals.bounds : nil
  }

  @Test(arguments: InstructionSet.available, [1, 2, 17, 65_536])
  func widthsAreTheProbabilities(instructionSet: InstructionSet, count: Int) throws {
    var stream = RandomStream(seed: 1)
    let logits = (0..<count).map { _ in Float(20 * stream.nextUniform() - 10) }
    let bounds = try #require(Self.bounds(logits, instructionSet))
    #expect(bounds.count == count + 1)
    #expect(bounds.first == 0 && bounds.last == ArithmeticEncoder.total)
    let sum = logits.reduce(0) { $0 + exp(Double($1)) }
    let likeliest = logits.firstIndex(of: logits.max()!)
    var wrong = 0
    for (token, logit) in logits.enumerated() {
      let width = Double(bounds[token + 1] - bounds[token])
      let expected = exp(Double(logit)) / sum * Double(ArithmeticEncoder.total)
      let excess = token == likeliest ? 2 * Double(count) : 1
      if abs(width - expected) > Self.tolerance * expected + excess { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func everyTokenCanBeCodedWhateverTheLogits() throws {
    for logits in [
      [3e38, -3e38, 0], [0, 0, 0], [-3e38, -3e38], [1000, -1000], [-1e-38, 1e-38], [87, 0, -88],
    ] as [[Float]] {
      let bounds = try #require(Self.bounds(logits))
      #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
      #expect(bounds.last == ArithmeticEncoder.total)
    }
    #expect(Self.bounds([0, .nan]) == nil)
    #expect(Self.bounds([0, .infinity]) == nil)
    #expect(Self.bounds([0, -.infinity]) == nil)
  }

  @Test func literalsShareTheTotal() {
    #expect(EscapeIntervals.bound(0) == 0)
    #expect(EscapeIntervals.bound(EscapeSymbol.count) == ArithmeticEncoder.total)
    let width = ArithmeticEncoder.total / UInt64(EscapeSymbol.count)
    for literal in [0, 0x41, 0x10FFFF, EscapeSymbol.stop] as [UInt32] {
      let interval = EscapeIntervals.interval(of: literal)
      #expect((width...width + 1).contains(UInt64(interval.count)))
    }
  }
}
