import Evaluation
import Glibc
import Tokenization

/// The figures of an evaluated text, under the names of `charlm evaluate --json`.
package struct TextScore: Sendable, Encodable {
  package struct Interval: Sendable, Encodable {
    package let level: Double
    package let natsPerCharacter: [Double]
    package let bitsPerCharacter: [Double]
    package let perplexityPerCharacter: [Double]
    package let blocks: Int
    package let charactersPerBlock: Int
  }

  /// A character of the text, or another unit of the model.
  package struct Unit: Sendable, Encodable {
    package struct Candidate: Sendable, Encodable {
      package let text: String
      package let probability: Double
    }

    package let text: String
    package let bits: Double
    package let unknown: Bool
    package let candidates: [Candidate]
  }

  package let model: String
  package let characters, bytes, words, tokens, unknownCharacters: Int
  package let unknownNats, nats, natsPerCharacter, bitsPerCharacter, bitsPerByte: Double
  package let perplexityPerCharacter, perplexityPerByte: Double
  /// Nil without words, or beyond the range of `Double`.
  package let perplexityPerWord: Double?
  package let interval: Interval?
  package let seconds: Double
  package let units: [Unit]?

  init(model: String, _ result: EvaluationResult, seconds: Double, units: [Unit]?) {
    self.model = model
    characters = result.characters
    bytes = result.bytes
    words = result.words
    tokens = result.tokens
    unknownCharacters = result.unknownCharacters
    unknownNats = result.unknownNats
    nats = result.nats
    natsPerCharacter = result.natsPerCharacter
    bitsPerCharacter = result.bitsPerCharacter
    bitsPerByte = result.bitsPerByte
    perplexityPerCharacter = result.perplexityPerCharacter
    perplexityPerByte = result.perplexityPerByte
    perplexityPerWord = result.perplexityPerWord.flatMap { $0.isFinite ? $0 : nil }
    interval = result.confidenceInterval().map {
      let nats = [$0.lowerNatsPerCharacter, $0.upperNatsPerCharacter]
      return Interval(
        level: ConfidenceInterval.level, natsPerCharacter: nats,
        bitsPerCharacter: nats.map { $0 / log(2) }, perplexityPerCharacter: nats.map(exp),
        blocks: result.blocks.count, charactersPerBlock: result.blocks.charactersPerBlock)
    }
    self.seconds = seconds
    self.units = units
  }
}
