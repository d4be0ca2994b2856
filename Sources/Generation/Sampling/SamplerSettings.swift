import Tokenization

/// How a token is chosen among those that a model thinks possible; what each setting does is said by the type
/// that does it, in what order by `Sampler`.
public struct SamplerSettings: Sendable, Equatable {
  /// What logits are divided by: below 1 likely tokens become likelier, above 1 less likely ones
  /// do; at 0 the most likely one is always chosen.
  public var temperature: Double
  /// How many of the most likely tokens are considered; nil for all of them.
  public var topK: Int?
  /// The mass of `TopP`, nil for none.
  public var topP: Double?
  /// The fraction of `MinP`, nil for none.
  public var minP: Double?
  /// The mass of `TypicalP`, nil for none.
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

  /// Refuses settings that mean nothing or contradict each other.
  /// - Throws: `GenerationError.temperatureOutOfRange`, `.topKTooSmall`, `.settingOutOfRange` or
  ///   `.contradictingSettings`.
  public func validate() throws(GenerationError) {
    guard temperature.isFinite, temperature >= 0 else {
      throw .temperatureOutOfRange(temperature: temperature)
    }
    if let topK, topK < 1 { throw .topKTooSmall(topK: topK) }
    try check("--top-p", topP, "from 0 to 1") { 0...1 ~= $0 }
    try check("--min-p", minP, "from 0 to 1") { 0...1 ~= $0 }
    try check("--typical-p", typicalP, "above 0 and up to 1") { $0 > 0 && $0 <= 1 }
    try validatePenalties()
    try check("--logit-bias", logitBias.values.first { !$0.isFinite }, "that is finite") { _ in
      false
    }
    try validateMirostat()
  }

  private func validatePenalties() throws(GenerationError) {
    try check("--repetition-penalty", penalties.repetition, "above 0") { $0 > 0 && $0.isFinite }
    try check("--presence-penalty", penalties.presence, "that is finite", \.isFinite)
    try check("--frequency-penalty", penalties.frequency, "that is finite", \.isFinite)
    try check("--penalty-window", Double(penaltyWindow), "from 1 upwards") { $0 >= 1 }
  }

  private func validateMirostat() throws(GenerationError) {
    guard let mirostat else { return }
    try check("--mirostat", mirostat.target, "of bits from 0 to 16") { Mirostat.targets ~= $0 }
    try check("--mirostat-rate", mirostat.rate, "from 0 to 1") { Mirostat.rates ~= $0 }
    let rivals: [(String, Bool)] = [
      ("--top-k", topK != nil), ("--top-p", topP != nil), ("--min-p", minP != nil),
      ("--typical-p", typicalP != nil), ("--temperature 0", temperature == 0),
    ]
    if let rival = rivals.first(where: \.1) {
      throw .contradictingSettings("--mirostat", rival.0)
    }
  }

  private func check(
    _ option: String, _ value: Double?, _ range: String, _ isInRange: (Double) -> Bool
  ) throws(GenerationError) {
    if let value, !isInRange(value) {
      throw .settingOutOfRange(option: option, value: value, range: range)
    }
  }
}
