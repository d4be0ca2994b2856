import Tokenization

/// How a token is chosen among those that a model thinks possible; what each setting does is said by the type
/// that does it, in what order by `Sampler`.
public struct SamplerSettings: Sendable, Equatable {
  /// What logits are divided by: below 1 likely tokens become likelier, above 1 less likely ones
  /// do; at 0 the most likely one is always chosen.
  public var temperature: Double
  /// How many of the most likely tokens are considered; nil for all of them.
  public var topK: Int?
  /// The mass of `TokenCandidates.keepTopP`, nil for none.
  public var topP: Double?
  /// The fraction of `TokenCandidates.keepMinP`, nil for none.
  public var minP: Double?
  /// The mass of `TokenCandidates.keepTypical`, nil for none.
  public var typicalP: Double?
  /// Does the work of the four before, which must be nil then.
  public var mirostat: Mirostat?
  /// None, unless told otherwise.
  public var penalties: RepetitionPenalties
  /// How many of the last tokens penalties look at, those of the prompt among them.
  public var penaltyWindow: Int
  /// What is added to the logits of tokens.
  public var logitBias: [TokenID: Double]
  /// Tokens that are never chosen.
  public var banned: Set<TokenID>

  /// How many tokens penalties look at, unless told otherwise.
  public static let defaultPenaltyWindow = 64

  /// The model's own distribution, unless told otherwise.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil,
    typicalP: Double? = nil, mirostat: Mirostat? = nil,
    penalties: RepetitionPenalties = RepetitionPenalties(),
    penaltyWindow: Int = defaultPenaltyWindow, logitBias: [TokenID: Double] = [:],
    banned: Set<TokenID> = []
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.typicalP = typicalP
    self.mirostat = mirostat
    self.penalties = penalties
    self.penaltyWindow = penaltyWindow
    self.logitBias = logitBias
    self.banned = banned
  }

  /// Whether the choice depends on more than the logits at hand.
  var needsHistory: Bool { !penalties.isNone || mirostat != nil }

  /// Rejects settings that mean nothing or contradict each other.
  /// - Throws: `GenerationSettingsError.outOfRange` or `.contradiction`.
  public func validate() throws(GenerationSettingsError) {
    try check(.temperature, temperature, "0 (always the most likely character) or more") {
      $0 >= 0 && $0.isFinite
    }
    try check(.topK, topK.map(Double.init), "a number of characters, at least 1") { $0 >= 1 }
    try check(.topP, topP, "a number from 0 to 1") { 0...1 ~= $0 }
    try check(.minP, minP, "a number from 0 to 1") { 0...1 ~= $0 }
    try check(.typicalP, typicalP, "a number above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    try validatePenalties()
    let bias = logitBias.values.first { !$0.isFinite }
    try check(.logitBias, bias, "a finite number", \.isFinite)
    try validateMirostat()
  }

  private func validatePenalties() throws(GenerationSettingsError) {
    try check(.repetitionPenalty, penalties.repetition, "a number above 0") {
      $0 > 0 && $0.isFinite
    }
    try check(.presencePenalty, penalties.presence, "a finite number", \.isFinite)
    try check(.frequencyPenalty, penalties.frequency, "a finite number", \.isFinite)
    try check(.penaltyWindow, Double(penaltyWindow), "a number of characters, at least 1") {
      $0 >= 1
    }
  }

  private func validateMirostat() throws(GenerationSettingsError) {
    guard let mirostat else { return }
    try check(.mirostat, mirostat.target, "a number of bits from 0 to 16") {
      Mirostat.targets ~= $0
    }
    try check(.mirostatRate, mirostat.rate, "a number from 0 to 1") { Mirostat.rates ~= $0 }
    let rivals: [(GenerationSetting, Bool)] = [
      (.topK, topK != nil), (.topP, topP != nil), (.minP, minP != nil),
      (.typicalP, typicalP != nil),
    ]
    if let rival = rivals.first(where: \.1) { throw .contradiction(.mirostat, rival.0) }
    if temperature == 0 { throw .mirostatWithoutTemperature }
  }

  private func check(
    _ setting: GenerationSetting, _ value: Double?, _ range: String,
    _ isInRange: (Double) -> Bool
  ) throws(GenerationSettingsError) {
    guard let value, !isInRange(value) else { return }
    let isWhole = value == value.rounded() && abs(value) < 1e15
    throw .outOfRange(setting, value: isWhole ? "\(Int(value))" : "\(value)", range: range)
  }
}
