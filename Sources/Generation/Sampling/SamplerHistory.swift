import Tokenization

/// What a sampler remembers of one text: the tokens that are penalized, and what `Mirostat` holds on to.
public struct SamplerHistory: Sendable, Equatable {
  /// The last tokens of the text, as many as penalties look at; none where there are no penalties.
  public private(set) var recent: RecentTokens
  var mirostat: Mirostat?
  /// The bound of `Mirostat`, where the settings have it.
  public var mirostatBound: Double? { mirostat?.bound }

  /// A text without tokens.
  public init(_ settings: SamplerSettings) {
    recent = RecentTokens(capacity: settings.penalties.isNone ? 0 : settings.penaltyWindow)
    mirostat = settings.mirostat
  }

  /// Adds a token of the text.
  public mutating func append(_ token: TokenID) { recent.append(token) }

  /// Adds tokens that were not drawn, as those of a prompt.
  public mutating func append(contentsOf tokens: some Sequence<TokenID>) {
    recent.append(contentsOf: tokens)
  }
}
