/// B and T, reduced if the text is too small for the requested ones: first B, then T.
public struct BatchShape: Sendable, Equatable {
  /// B, lanes side by side.
  public var batchSize: Int
  /// T, tokens through which gradients flow back.
  public var windowLength: Int

  /// Creates a shape.
  public init(batchSize: Int, windowLength: Int) {
    self.batchSize = batchSize
    self.windowLength = windowLength
  }

  /// Checks that a shard has a lane.
  /// - Throws: `TrainingError.tooFewLanes`.
  func check(shards: Int, of name: String) throws {
    guard shards <= batchSize else {
      throw TrainingError.tooFewLanes(name: name, laneCount: batchSize, shards: shards)
    }
  }

  /// The shape with which every lane of a text of `tokenCount` (at least 1) tokens fills a window.
  public func fitted(tokenCount: Int) -> BatchShape {
    BatchShape(
      batchSize: max(1, min(batchSize, tokenCount / windowLength)),
      windowLength: min(windowLength, tokenCount))
  }
}
