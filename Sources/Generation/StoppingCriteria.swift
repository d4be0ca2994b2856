/// When a text ends.
public struct StoppingCriteria: Sendable, Equatable {
  /// Characters after which it ends at the latest.
  public var length: Int
  /// Characters before which it does not end: what would end it earlier is passed over.
  public var minimumLength: Int
  /// Texts before which it ends; they are not part of it. That which is complete first counts, and of
  /// several the longest.
  public var stops: [String]
  /// Whether it ends where the model says that it does, by the end-of-text token; otherwise that token is
  /// never chosen.
  public var stopsAtEndOfText: Bool

  public init(
    length: Int, minimumLength: Int = 0, stops: [String] = [], stopsAtEndOfText: Bool = false
  ) {
    self.length = length
    self.minimumLength = minimumLength
    self.stops = stops
    self.stopsAtEndOfText = stopsAtEndOfText
  }

  /// Refuses criteria that mean nothing.
  /// - Throws: `GenerationError.lengthTooSmall`, `.minimumLengthOutOfRange` or `.emptyStop`.
  public func validate() throws(GenerationError) {
    guard length >= 0 else { throw .lengthTooSmall(length: length) }
    guard 0...length ~= minimumLength else {
      throw .minimumLengthOutOfRange(minimumLength: minimumLength, length: length)
    }
    guard !stops.contains("") else { throw .emptyStop }
  }
}
