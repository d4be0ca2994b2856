import Generation
import Tokenization

/// Builds a choice of a response from the events of its text: as a whole, or in parts.
///
/// The scores of tokens come with the part of the text that they spell. Text can be held back, for
/// example as the possible beginning of a stop text, which is not part of the text; its tokens are
/// left out.
package struct ChoiceAssembler: Sendable {
  private let model: ServedModel
  private let index: Int
  private let seed: UInt64
  private let hasLogprobs: Bool
  private var offset = 0
  private var releasedCount = 0
  private var held: [TokenScore] = []

  package init(_ model: ServedModel, index: Int, seed: UInt64, hasLogprobs: Bool) {
    self.model = model
    self.index = index
    self.seed = seed
    self.hasLogprobs = hasLogprobs
  }

  /// The prompt as the beginning of the choice.
  /// - Parameters:
  ///   - tokens: the prompt's, with `<|endoftext|>` if it was given.
  ///   - scores: those of all tokens except that one.
  package mutating func echo(
    _ text: String, tokens: [TokenID], scores: [TokenScore]
  ) -> CompletionResponse.Choice {
    guard hasLogprobs else { return choice(text, nil) }
    var logprobs = TokenLogprobs()
    if tokens.first == Vocabulary.endOfText {
      logprobs.tokens.append(model.tokenNames[Int(Vocabulary.endOfText)])
      logprobs.tokenLogprobs.append(nil)
      logprobs.topLogprobs.append(nil)
      logprobs.textOffset.append(0)
      offset = ServedModel.endOfTextName.unicodeScalars.count
    }
    for score in scores { append(score, to: &logprobs) }
    releasedCount = offset
    return choice(text, logprobs)
  }

  /// Further text of the choice.
  package mutating func text(
    _ text: String, _ scores: [TokenScore]
  ) -> CompletionResponse.Choice {
    held += scores
    releasedCount += text.unicodeScalars.count
    return choice(text, hasLogprobs ? release() : nil)
  }

  /// The end of the choice.
  package mutating func end(_ reason: GenerationResult.FinishReason) -> CompletionResponse.Choice {
    var logprobs = hasLogprobs ? release() : nil
    // The token that ended the text.
    if held.count == 1, held[0].token == Vocabulary.endOfText, logprobs != nil {
      append(held.removeFirst(), to: &logprobs!)
    }
    var choice = choice("", logprobs)
    choice.finishReason = reason.rawValue
    return choice
  }

  private func choice(_ text: String, _ logprobs: TokenLogprobs?) -> CompletionResponse.Choice {
    CompletionResponse.Choice(
      text: text, index: index, logprobs: logprobs, finishReason: nil,
      seed: Int64(bitPattern: seed))
  }

  /// The scores of the tokens whose text was released; the end of the text, which adds nothing to
  /// it, is left for `end`.
  private mutating func release() -> TokenLogprobs {
    var logprobs = TokenLogprobs()
    while let next = held.first, offset + count(next.token) <= releasedCount,
      count(next.token) > 0 || held.count > 1 || model.tokenizer.configuration.unit == .byte
    {
      append(held.removeFirst(), to: &logprobs)
    }
    return logprobs
  }

  private func count(_ token: TokenID) -> Int { model.characterCounts[Int(token)] }

  private mutating func append(_ score: TokenScore, to logprobs: inout TokenLogprobs) {
    logprobs.tokens.append(model.tokenNames[Int(score.token)])
    logprobs.tokenLogprobs.append(Self.finite(-score.nats))
    var top: [String: Double] = [:]
    for candidate in score.candidates {
      top[model.tokenNames[Int(candidate.token)]] = Self.finite(-candidate.nats)
    }
    top[model.tokenNames[Int(score.token)]] = Self.finite(-score.nats)
    logprobs.topLogprobs.append(top)
    logprobs.textOffset.append(offset)
    offset += count(score.token)
  }

  /// JSON has no infinities.
  private static func finite(_ value: Double) -> Double {
    value.isFinite ? value : -.greatestFiniteMagnitude
  }
}

extension CompletionResponse.Choice {
  /// Appends a later part of the same choice.
  package mutating func append(_ part: CompletionResponse.Choice) {
    text += part.text
    finishReason = part.finishReason ?? finishReason
    guard let more = part.logprobs else { return }
    logprobs!.tokens += more.tokens
    logprobs!.tokenLogprobs += more.tokenLogprobs
    logprobs!.topLogprobs += more.topLogprobs
    logprobs!.textOffset += more.textOffset
  }
}
