import Glibc
import Kernels
import RecurrentNetwork

/// Between which bounds the nats per character lie for texts like this one, with 95 % confidence.
///
/// The percentile interval of a block bootstrap (Künsch 1989, "The jackknife and the bootstrap for general
/// stationary observations"; Efron & Tibshirani 1993, chapter 13): as many blocks as the text has are drawn
/// from it with replacement, 2,000 times over, and the bounds are the 2.5 % and 97.5 % quantiles of the drawn
/// texts' nats per character. Blocks are drawn, and not characters, because neighboring characters are
/// hard or easy together.
///
/// What it speaks of is the choice of the text, not that of the model: another seed of training gives another
/// model, and of that the interval knows nothing. The same text gives the same interval.
public struct ConfidenceInterval: Sendable, Equatable {
  /// 2.5 % of the drawn texts have fewer nats per character.
  public let lowerNatsPerCharacter: Double
  /// 2.5 % of them have more.
  public let upperNatsPerCharacter: Double

  /// The share of cases in which such an interval shall hold the true value.
  public static let level = 0.95
  /// The fewest blocks from which an interval is drawn: with fewer it would be too narrow.
  public static let minimumBlockCount = 20

  /// The interval of a text cut in `blocks`; nil where they are fewer than `minimumBlockCount`.
  package init?(_ blocks: CodeLengthBlocks, drawCount: Int = 2_000, seed: UInt64 = 95) {
    guard blocks.count >= Self.minimumBlockCount else { return nil }
    var random = RandomStream(seed: seed)
    let means = (0..<drawCount).map { _ in Self.drawnMean(blocks.blocks, &random) }.sorted()
    let tail = (1 - Self.level) / 2
    lowerNatsPerCharacter = means.quantile(tail)
    upperNatsPerCharacter = means.quantile(1 - tail)
  }

  /// Nats per character of as many blocks, drawn with replacement.
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

  public var lowerBitsPerCharacter: Double { lowerNatsPerCharacter / log(2) }
  public var upperBitsPerCharacter: Double { upperNatsPerCharacter / log(2) }
}
