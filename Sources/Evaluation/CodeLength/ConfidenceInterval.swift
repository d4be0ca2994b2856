import Glibc
import Kernels
import RecurrentNetwork

/// The 95 % confidence interval of the nats per character for texts like the evaluated one.
///
/// It is the percentile interval of a block bootstrap (Künsch 1989, "The jackknife and the
/// bootstrap for general stationary observations"; Efron & Tibshirani 1993, chapter 13): as many
/// blocks as the text has are drawn from it with replacement, 2,000 times, and the bounds are the
/// 2.5 % and 97.5 % quantiles of the nats per character of the drawn texts. Blocks are drawn
/// instead of characters because neighboring characters are hard or easy together.
///
/// The interval covers the choice of the text, not that of the model: another training seed gives
/// another model, which it does not account for. The same text gives the same interval.
public struct ConfidenceInterval: Sendable, Equatable {
  /// The lower bound: 2.5 % of the drawn texts have fewer nats per character.
  public let lowerNatsPerCharacter: Double
  /// The upper bound: 2.5 % of the drawn texts have more nats per character.
  public let upperNatsPerCharacter: Double

  /// The confidence level: the fraction of intervals that should contain the true value.
  public static let level = 0.95
  /// The minimum number of blocks: with fewer the interval would be too narrow.
  public static let minimumBlockCount = 20

  /// The interval of a text of `blocks`; nil if there are fewer than `minimumBlockCount`.
  package init?(_ blocks: CodeLengthBlocks, drawCount: Int = 2_000, seed: UInt64 = 95) {
    guard blocks.count >= Self.minimumBlockCount else { return nil }
    var random = RandomStream(seed: seed)
    let means = (0..<drawCount).map { _ in Self.drawnMean(blocks.blocks, &random) }.sorted()
    let tail = (1 - Self.level) / 2
    lowerNatsPerCharacter = means.quantile(tail)
    upperNatsPerCharacter = means.quantile(1 - tail)
  }

  /// The nats per character of as many blocks as there are, drawn with replacement.
  private static func drawnMean(
    _ blocks: [CodeLengthBlocks.Block], _ random: inout RandomStream
  ) -> Double {
    blocks.withUnsafeBufferPointer { blocks in
      var drawn = CodeLengthBlocks.Block()
      for _ in 0..<blocks.count {
        drawn += blocks[Int(random.nextUniform() * Double(blocks.count))]
      }
      return drawn.nats / Double(drawn.characters)
    }
  }

  /// The lower end in bits per character.
  public var lowerBitsPerCharacter: Double { lowerNatsPerCharacter / log(2) }
  /// The upper end in bits per character.
  public var upperBitsPerCharacter: Double { upperNatsPerCharacter / log(2) }
}
