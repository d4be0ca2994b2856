/// How a token is chosen among those that a model thinks possible.
public struct SamplerSettings: Sendable, Equatable {
  /// What logits are divided by: below 1 likely tokens become likelier, above 1 less likely ones
  /// do; at 0 the most likely one is always chosen.
  public var temperature: Double
  /// How many of the most likely tokens are considered; nil for all of them.
  public var topK: Int?

  /// The model's own distribution, unless told otherwise.
  public init(temperature: Double = 1, topK: Int? = nil) {
    self.temperature = temperature
    self.topK = topK
  }

  /// Refuses settings that mean nothing.
  /// - Throws: `GenerationError.temperatureOutOfRange` or `.topKTooSmall`.
  public func validate() throws(GenerationError) {
    guard temperature.isFinite, temperature >= 0 else {
      throw .temperatureOutOfRange(temperature: temperature)
    }
    if let topK, topK < 1 { throw .topKTooSmall(topK: topK) }
  }
}
