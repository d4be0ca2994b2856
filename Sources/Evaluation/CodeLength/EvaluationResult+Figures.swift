import Glibc

extension EvaluationResult {
  /// A figure under its name in JSON; nil for what does not exist, such as a perplexity per word
  /// without words.
  package typealias Figure = (name: String, value: (any Encodable & Sendable)?)

  /// All figures, in their order in JSON. Those of an empty result are NaN.
  package var figures: [Figure] {
    [
      ("characters", characters), ("bytes", bytes), ("words", words), ("tokens", tokens),
      ("unknown_characters", unknownCharacters), ("unknown_nats", unknownNats), ("nats", nats),
      ("nats_per_character", natsPerCharacter), ("bits_per_character", bitsPerCharacter),
      ("bits_per_byte", bitsPerByte), ("perplexity_per_character", perplexityPerCharacter),
      ("perplexity_per_byte", perplexityPerByte),
      ("perplexity_per_word", perplexityPerWord.map(encodable)),
      ("interval", interval.map(encodable)),
    ]
  }

  /// The value itself: a plain conversion would wrap its optional, which is encodable, too, and writers
  /// would not recognize a number that is infinite.
  private func encodable(_ value: some Encodable & Sendable) -> any Encodable & Sendable { value }

  private struct Interval: Encodable {
    let level: Double
    let natsPerCharacter, bitsPerCharacter: [Double]
    /// Nil where it is infinite.
    let perplexityPerCharacter: [Double?]
    let blocks, charactersPerBlock: Int
  }

  private var interval: Interval? {
    confidenceInterval().map {
      let nats = [$0.lowerNatsPerCharacter, $0.upperNatsPerCharacter]
      return Interval(
        level: ConfidenceInterval.level, natsPerCharacter: nats,
        bitsPerCharacter: nats.map { $0 / log(2) },
        perplexityPerCharacter: nats.map(exp).map { $0.isFinite ? $0 : nil },
        blocks: blocks.count, charactersPerBlock: blocks.charactersPerBlock)
    }
  }
}
