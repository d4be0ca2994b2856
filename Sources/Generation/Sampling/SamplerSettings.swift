import Tokenization

/// The settings of a `Sampler`, which has the order of the steps.
public struct SamplerSettings: Sendable, Equatable {
  /// The divisor of logits: below 1 likely tokens become likelier, above 1 less likely; at 0 the
  /// most likely one is always chosen.
  public var temperature: Double
  /// The number of most likely tokens to choose among; nil for all.
  public var topK: Int?
  /// The mass of `TokenCandidates.keepTopP`; nil for no such step.
  public var topP: Double?
  /// The fraction of `TokenCandidates.keepMinP`; nil for no such step.
  public var minP: Double?
  /// The mass of `TokenCandidates.keepTypical`; nil for no such step.
  public var typicalP: Double?
  /// Mirostat, which replaces the four settings before it; they must be nil then.
  public var mirostat: Mirostat?
  /// Penalties for recent tokens.
  public var penalties: RepetitionPenalties
  /// The number of last tokens that penalties consider, including those of the prompt.
  public var penaltyWindow: Int
  /// The amounts added to the logits of tokens.
  public var logitBias: [TokenID: Double]
  /// Tokens that are never chosen.
  public var banned: Set<TokenID>

  /// The default number of tokens that penalties consider.
  public static let defaultPenaltyWindow = 64

  /// Creates settings; by default the model's own distribution.
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

  /// Whether the choice depends on more than the current logits.
  var needsHistory: Bool { !penalties.isNone || mirostat != nil }

  /// Rejects settings that are invalid or contradict each other.
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
