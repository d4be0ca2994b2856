/// B and T, reduced if the text is too small for the requested ones: first B, then T.
public struct BatchShape: Sendable, Equatable {
  public var batchSize: Int
  public var windowLength: Int

  public init(batchSize: Int, windowLength: Int) {
    self.batchSize = batchSize
    self.windowLength = windowLength
  }

  /// The shape with which every lane of a text of `tokenCount` (at least 1) tokens fills a window.
  public func fitted(tokenCount: Int) -> BatchShape {
    BatchShape(
      batchSize: max(1, min(batchSize, tokenCount / windowLength)),
      windowLength: min(windowLength, tokenCount))
  }
}
