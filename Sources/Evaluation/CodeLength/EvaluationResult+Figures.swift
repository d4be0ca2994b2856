import Glibc

extension EvaluationResult {
  /// A figure under its name in JSON; nil for what does not exist, such as a perplexity per word
  /// without words, and for infinities and NaNs, which JSON does not have.
  package typealias Figure = (name: String, value: (any Encodable & Sendable)?)

  /// All figures, in their order in JSON.
  package var figures: [Figure] {
    [
      figure("characters", characters), figure("bytes", bytes), figure("words", words),
      figure("tokens", tokens), figure("unknown_characters", unknownCharacters),
      figure("unknown_nats", unknownNats.finite), figure("nats", nats.finite),
      figure("nats_per_character", natsPerCharacter.finite),
      figure("bits_per_character", bitsPerCharacter.finite),
      figure("bits_per_byte", bitsPerByte.finite),
      figure("perplexity_per_character", perplexityPerCharacter.finite),
      figure("perplexity_per_byte", perplexityPerByte.finite),
      figure("perplexity_per_word", perplexityPerWord?.finite), figure("interval", interval),
    ]
  }

  /// Takes the value out of its optional, which is encodable as well.
  private func figure(_ name: String, _ value: (some Encodable & Sendable)?) -> Figure {
    (name, value.map { $0 })
  }

  private struct Interval: Encodable {
    let level: Double
    let natsPerCharacter, bitsPerCharacter, perplexityPerCharacter: [Double?]
    let blocks, charactersPerBlock: Int
  }

  private var interval: Interval? {
    confidenceInterval().map {
      let nats = [$0.lowerNatsPerCharacter, $0.upperNatsPerCharacter]
      return Interval(
        level: ConfidenceInterval.level, natsPerCharacter: nats.map(\.finite),
        bitsPerCharacter: nats.map { ($0 / log(2)).finite },
        perplexityPerCharacter: nats.map { exp($0).finite },
        blocks: blocks.count, charactersPerBlock: blocks.charactersPerBlock)
    }
  }
}

extension Double {
  fileprivate var finite: Double? { isFinite ? self : nil }
}
