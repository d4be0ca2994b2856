import Kernels
import Patterns
import Tokenization

/// Chooses tokens by a model's logits.
///
/// ```swift
/// import Generation
/// import Kernels
///
/// let settings = SamplerSettings(temperature: 0.8, topK: 40)
/// var sampler = try Sampler(settings, vocabularySize: logits.count)
/// var stream = RandomStream(seed: 1)
/// let token = sampler.next(logits, using: &stream)
/// ```
///
/// The steps have this order, which is that of Hugging Face's `generate`:
///
/// | step | does |
/// |---|---|
/// | logit bias | adds to the logits of some tokens |
/// | `RepetitionPenalties` | reduce the logits of recent tokens |
/// | forbidden and banned tokens | are removed, and tokens that a pattern does not allow |
/// | temperature | see `TokenCandidates` |
/// | top-k, top-p, min-p, typical-p | drop tokens, each by the probabilities of the remaining ones
/// |
/// | or `Mirostat` | drops tokens by its bound |
///
/// and a token is drawn from the probabilities of the remaining ones. At temperature 0 the most
/// likely token is chosen, among several the one of lowest id, and no random number is drawn.
///
/// Sampling never fails: any logits and any valid settings give a token. The sampler owns its
/// working memory; only penalties allocate for a token, and the time is linear in V.
public struct Sampler: ~Copyable {
  /// How tokens are chosen.
  public let settings: SamplerSettings
  private let forbidden: [TokenID]
  private let biases: [(token: Int, bias: Float)]
  private var candidates: TokenCandidates
  /// The logits after the steps that change them; empty if there are no such steps.
  private var adjusted: [Float] = []

  /// Creates a sampler of tokens `0 ..< vocabularySize`, except for those forbidden here or banned
  /// in the settings.
  /// - Throws: what `SamplerSettings.validate` throws, or
  ///   `GenerationSettingsError.everythingBanned`.
  /// - Precondition: a token remains that is not forbidden, and each biased token is in the
  ///   vocabulary.
  public init(
    _ settings: SamplerSettings, vocabularySize: Int, forbidden: Set<TokenID> = []
  ) throws(GenerationSettingsError) {
    try settings.validate()
    precondition(
      settings.logitBias.keys.allSatisfy { Int($0) < vocabularySize },
      "a bias must be that of a token")
    let forbidden = forbidden.filter { Int($0) < vocabularySize }
    precondition(forbidden.count < vocabularySize, "a token must be allowed")
    let excluded = forbidden.union(settings.banned.filter { Int($0) < vocabularySize })
    guard excluded.count < vocabularySize else { throw .everythingBanned }
    self.settings = settings
    self.forbidden = excluded.sorted()
    biases = settings.logitBias.sorted { $0.key < $1.key }.map { (Int($0.key), Float($0.value)) }
    candidates = TokenCandidates(vocabularySize: vocabularySize)
  }

  /// Chooses a token.
  /// - Precondition: there are `vocabularySize` logits, and the settings have neither penalties nor
  ///   `mirostat`.
  public mutating func next(_ logits: [Float], using stream: inout RandomStream) -> TokenID {
    precondition(!settings.needsHistory, "these settings need the text's history")
    var history = SamplerHistory(settings)
    return next(logits, history: &history, using: &stream)
  }

  /// Chooses the next token of the text of `history`, and adds it there.
  /// - Precondition: there are `vocabularySize` logits, and the history was made for these
  ///   settings.
  public mutating func next(
    _ logits: [Float], history: inout SamplerHistory, using stream: inout RandomStream
  ) -> TokenID {
    logits.withUnsafeBufferPointer { next($0, history: &history, using: &stream) }
  }

  /// Chooses the next token from logits in another owner's memory.
  /// - Parameters:
  ///   - logits: one for each token.
  ///   - history: the tokens before; the chosen one is added.
  ///   - excluded: a token that must not be chosen this time.
  ///   - match: the text as a match of its pattern. If the text may not end yet, only tokens that
  ///     the pattern allows are chosen; if it may, a token that the pattern does not allow ends it.
  ///   - stream: the source of random numbers.
  /// - Precondition: a token remains.
  public mutating func next(
    _ logits: UnsafeBufferPointer<Float>, history: inout SamplerHistory,
    excluding excluded: TokenID? = nil, within match: PatternMatch? = nil,
    using stream: inout RandomStream
  ) -> TokenID {
    rank(logits, history)
    if let excluded { candidates.remove(excluded) }
    restrict(to: match)
    let token: TokenID
    if settings.temperature == 0 {
      token = candidates.mostLikely
    } else {
      narrow()
      history.mirostat?.apply(to: &candidates)
      token = candidates.draw(using: &stream)
      history.mirostat?.observe(token, of: candidates)
    }
    history.append(token)
    return token
  }

  /// The probabilities with which the next token of the text of `history` would be drawn, by id.
  /// - Parameters:
  ///   - logits: one for each token.
  ///   - history: the tokens before.
  ///   - match: as for `next`.
  /// - Precondition: there are `vocabularySize` logits, and the history was made for these
  ///   settings.
  public mutating func probabilities(
    _ logits: [Float], history: SamplerHistory, within match: PatternMatch? = nil
  ) -> [Double] {
    logits.withUnsafeBufferPointer { rank($0, history) }
    restrict(to: match)
    guard settings.temperature > 0 else {
      let token = candidates.mostLikely
      return (0..<candidates.vocabularySize).map { $0 == Int(token) ? 1 : 0 }
    }
    narrow()
    history.mirostat?.apply(to: &candidates)
    return candidates.probabilities
  }

  /// Applies the steps that change logits, and ranks the tokens.
  private mutating func rank(_ logits: UnsafeBufferPointer<Float>, _ history: SamplerHistory) {
    guard !biases.isEmpty || !settings.penalties.isNone else {
      return candidates.rank(logits, forbidden: forbidden)
    }
    adjusted.removeAll(keepingCapacity: true)
    adjusted.append(contentsOf: logits)
    for (token, bias) in biases { adjusted[token] += bias }
    if !settings.penalties.isNone { settings.penalties.apply(to: &adjusted, after: history.recent) }
    adjusted.withUnsafeBufferPointer { candidates.rank($0, forbidden: forbidden) }
  }

  /// Removes the tokens that a text does not allow if it may not end yet.
  private mutating func restrict(to match: PatternMatch?) {
    guard let match, !match.mayEnd else { return }
    match.withClasses { classes, isAllowed in
      candidates.removeAll { !isAllowed[Int(classes[$0])] }
    }
  }

  /// Applies the steps that weigh and drop tokens.
  private mutating func narrow() {
    // The k most likely tokens are the same at any temperature, and need not all be weighed.
    if let topK = settings.topK { candidates.keepTopK(topK) }
    candidates.weigh(temperature: settings.temperature)
    if let topP = settings.topP { candidates.keepTopP(topP) }
    if let minP = settings.minP { candidates.keepMinP(minP) }
    if let typicalP = settings.typicalP { candidates.keepTypical(typicalP) }
  }
}

/// The memory of a sampler for one text: the recent tokens, and the bound of `Mirostat`.
public struct SamplerHistory: Sendable, Equatable {
  /// The last tokens of the text, as many as penalties need; none without penalties.
  public private(set) var recent: RecentTokens
  var mirostat: Mirostat?
  /// The bound of `Mirostat`, if the settings have it.
  public var mirostatBound: Double? { mirostat?.bound }

  /// Creates the history of a text without tokens.
  public init(_ settings: SamplerSettings) {
    recent = RecentTokens(capacity: settings.penalties.isNone ? 0 : settings.penaltyWindow)
    mirostat = settings.mirostat
  }

  /// Adds a token of the text.
  public mutating func append(_ token: TokenID) { recent.append(token) }

  /// Adds tokens that were not drawn, such as those of a prompt.
  public mutating func append(contentsOf tokens: some Sequence<TokenID>) {
    recent.append(contentsOf: tokens)
  }
}
