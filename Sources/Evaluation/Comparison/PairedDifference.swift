import Glibc

/// The difference of two models' nats per character on the same texts, with its standard error.
///
/// ```
/// d = sum over b of D_b / N,   N = sum over b of n_b
/// s.e. = sqrt(B/(B - 1) sum over b of (D_b - d n_b)^2) / N
/// ```
///
/// where D_b is the difference of the nats of block b, and n_b its characters: the standard error
/// of a ratio (Cochran 1977, "Sampling Techniques", section 2.11), which the block bootstrap of
/// `ConfidenceInterval` approaches with many draws. The blocks are the same as there, because what
/// is easier for one model is so for many neighboring characters. The pairing removes what is hard
/// for both.
///
/// Like the interval, it covers the choice of the text, not that of the training seeds.
public struct PairedDifference: Sendable, Equatable {
  /// The first model's nats per character minus the second's.
  public let natsPerCharacter: Double
  /// Nil if there are fewer than `ConfidenceInterval.minimumBlockCount` blocks.
  public let standardError: Double?

  /// The number of standard errors that chance alone exceeds in about 5 % of comparisons.
  public static let criticalRatio = 2.0

  /// - Parameter blocks: The differences of the nats; not empty.
  package init(_ blocks: CodeLengthBlocks) {
    let characters = Double(blocks.characters)
    let mean = blocks.nats / characters
    natsPerCharacter = mean
    guard blocks.count >= ConfidenceInterval.minimumBlockCount else {
      standardError = nil
      return
    }
    let squares = blocks.blocks.reduce(0) { sum, block in
      let deviation = block.nats - mean * Double(block.characters)
      return sum + deviation * deviation
    }
    let count = Double(blocks.count)
    standardError = sqrt(count / (count - 1) * squares) / characters
  }

  /// Whether the models differ by more than `criticalRatio` standard errors; nil without an error.
  public var isSignificant: Bool? {
    standardError.map { abs(natsPerCharacter) > Self.criticalRatio * $0 }
  }
}
