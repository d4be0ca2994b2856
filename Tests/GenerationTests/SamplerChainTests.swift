import Foundation
import Generation
import Kernels
import TestSupport
import Testing
import Tokenization

/// All steps together, over settings and logits of every kind.
@Suite struct SamplerChainTests {
  static let logits: [Float] = [
    3.1, -0.5, 2.2, 0.25, -2, 1.5, 2.2, 0.25, -7, 1, 0, 4, -0.0, 3.5, 0.7, 2.2,
  ]
  static let recent: [TokenID] = [2, 2, 13, 5, 2, 14]
  static let chains: [SamplerSettings] = [
    SamplerSettings(temperature: 0.8),
    SamplerSettings(topK: 6),
    SamplerSettings(topP: 0.8),
    SamplerSettings(minP: 0.1),
    SamplerSettings(typicalP: 0.7),
    SamplerSettings(mirostat: Mirostat(target: 1.2)),
    SamplerSettings(penalties: RepetitionPenalties(repetition: 1.5)),
    SamplerSettings(penalties: RepetitionPenalties(presence: 1)),
    SamplerSettings(penalties: RepetitionPenalties(frequency: 0.6)),
    SamplerSettings(logitBias: [3: 2, 13: -1.5], banned: [2, 9]),
    SamplerSettings(
      temperature: 1.4, topK: 12, topP: 0.95, minP: 0.02, typicalP: 0.9,
      penalties: RepetitionPenalties(repetition: 1.2, presence: 0.3, frequency: 0.1),
      logitBias: [1: 1], banned: [7]),
  ]

  @Test(arguments: chains)
  func drawsFollowTheExactDistribution(settings: SamplerSettings) throws {
    let forbidden: Set<TokenID> = [0, 11]
    var sampler = try Sampler(
      settings, vocabularySize: Self.logits.count, forbidden: forbidden)
    var begin = SamplerHistory(settings)
    begin.append(contentsOf: Self.recent)
    let reference = ReferenceDistribution(
      Self.logits, settings, forbidden: forbidden, recent: Self.recent,
      mirostatBound: settings.mirostat?.bound)
    var stream = RandomStream(seed: 33)
    var counts = Array(repeating: 0, count: Self.logits.count)
    for _ in 0..<Torture.count(short: 10_000, long: 1_000_000) {
      var history = begin
      counts[Int(sampler.next(Self.logits, history: &history, using: &stream))] += 1
    }
    for (probability, count) in zip(reference.probabilities, counts) where probability == 0 {
      #expect(count == 0)
    }
    let (statistic, limit) = reference.chiSquare(counts)
    #expect(statistic < limit)
    Torture.tell("chi-square of a million draws", "\(settings): \(statistic) < \(limit)")
  }

  @Test func noSettingsAndNoLogitsMakeItFail() throws {
    var random = RandomStream(seed: 34)
    var comparedCount = 0
    let rounds = Torture.count(short: 4_000, long: 100_000)
    for _ in 0..<rounds {
      let vocabularySize = Int.random(in: 3...40, using: &random)
      let settings = Self.randomSettings(vocabularySize: vocabularySize, using: &random)
      let forbidden: Set<TokenID> = Bool.random(using: &random) ? [0, 1] : []
      guard forbidden.union(settings.banned).count < vocabularySize else { continue }
      var sampler = try Sampler(settings, vocabularySize: vocabularySize, forbidden: forbidden)
      var history = SamplerHistory(settings)
      for _ in 0..<3 {
        let logits = Self.randomLogits(count: vocabularySize, using: &random)
        let reference = ReferenceDistribution(
          logits, settings, forbidden: forbidden, recent: history.recent.tokens,
          mirostatBound: history.mirostatBound)
        let token = sampler.next(logits, history: &history, using: &random)
        #expect(Int(token) < vocabularySize && !forbidden.union(settings.banned).contains(token))
        if settings.temperature == 0 { #expect(Int(token) == reference.mostLikely) }
        if let bound = history.mirostatBound { #expect(bound.isFinite) }
        guard reference.margin > SamplerStepTests.tolerance else { continue }
        comparedCount += 1
        #expect(reference.probabilities[Int(token)] > 0)
      }
    }
    // Else the reference is no test.
    #expect(comparedCount > rounds)
  }

  private static func randomSettings(
    vocabularySize: Int, using random: inout RandomStream
  ) -> SamplerSettings {
    func pick<Value>(_ values: Value...) -> Value { values.randomElement(using: &random)! }
    var settings = SamplerSettings(
      temperature: pick(0, .leastNonzeroMagnitude, 1e-300, 1e-3, 0.7, 1, 1e3, 1e300),
      penalties: RepetitionPenalties(
        repetition: pick(1, 1, 1.3, 0.5, 1e-300, .leastNonzeroMagnitude, 1e300),
        presence: pick(0, 0, 0.5, -2, 1e300, -.greatestFiniteMagnitude),
        frequency: pick(0, 0, 0.1, -3, 1e38, .greatestFiniteMagnitude)),
      penaltyWindow: pick(1, 2, 64, 1 << 40))
    if settings.temperature > 0, pick(true, false, false) {
      settings.mirostat = Mirostat(
        target: pick(0, 1e-300, 0.5, 2, 16), rate: pick(0, 1e-300, 0.1, 1))
    } else {
      settings.topK = pick(nil, 1, 2, 5, vocabularySize, .max)
      settings.topP = pick(nil, 0, .leastNonzeroMagnitude, 0.3, 0.9, 1 - 0x1p-53, 1)
      settings.minP = pick(nil, 0, .leastNonzeroMagnitude, 0.1, 1 - 0x1p-53, 1)
      settings.typicalP = pick(nil, .leastNonzeroMagnitude, 0.3, 0.9, 1 - 0x1p-53, 1)
    }
    for token in 0..<vocabularySize where pick(true, false, false, false) {
      settings.logitBias[TokenID(token)] = pick(1, -2, 1e300, -1e300, 3e38, -3e38)
    }
    for token in 0..<vocabularySize where pick(true, false, false, false, false) {
      settings.banned.insert(TokenID(token))
    }
    return settings
  }

  private static func randomLogits(count: Int, using random: inout RandomStream) -> [Float] {
    let special: [Float] = [
      0, -0.0, 1, -1, 88, 3e38, -3e38, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 100,
    ]
    let kind = Int.random(in: 0...4, using: &random)
    let same = special.randomElement(using: &random)!
    return (0..<count).map { _ in
      switch kind {
      case 0, 1: Float.random(in: -20...20, using: &random)
      case 2: special.randomElement(using: &random)!
      case 3: Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))
      default: same
      }
    }
  }

  @Test func settingsThatMeanNothingAreRefused() {
    func message(_ settings: SamplerSettings) -> String? {
      do {
        try settings.validate()
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      message(SamplerSettings(topP: 1.5)) == "The top-p is 1.5: give a number from 0 to 1.")
    for value in [-0.1, 1.1, .nan, .infinity] {
      #expect(message(SamplerSettings(topP: value))?.contains("The top-p is") == true)
      #expect(message(SamplerSettings(minP: value))?.contains("The min-p is") == true)
      #expect(message(SamplerSettings(typicalP: value))?.contains("The typical-p is") == true)
      #expect(
        message(SamplerSettings(mirostat: Mirostat(target: 1, rate: value)))?
          .contains("The mirostat rate is") == true)
    }
    #expect(message(SamplerSettings(typicalP: 0)) != nil)
    for value in [0, -1, .nan, .infinity] {
      let penalties = RepetitionPenalties(repetition: value)
      #expect(
        message(SamplerSettings(penalties: penalties))?.contains("The repetition penalty is")
          == true)
    }
    #expect(
      message(SamplerSettings(penalties: RepetitionPenalties(presence: .nan))) != nil)
    #expect(
      message(SamplerSettings(penalties: RepetitionPenalties(frequency: -.infinity))) != nil)
    #expect(
      message(SamplerSettings(penaltyWindow: 0))
        == "The penalty window is 0: give a number of characters, at least 1.")
    #expect(message(SamplerSettings(logitBias: [1: .nan]))?.contains("The logit bias is") == true)
    #expect(
      message(SamplerSettings(mirostat: Mirostat(target: 17)))
        == "The mirostat is 17: give a number of bits from 0 to 16.")
    let mirostat = Mirostat(target: 2)
    for rival in [
      SamplerSettings(topK: 3, mirostat: mirostat), SamplerSettings(topP: 0.5, mirostat: mirostat),
      SamplerSettings(minP: 0.5, mirostat: mirostat),
      SamplerSettings(typicalP: 0.5, mirostat: mirostat),
    ] {
      #expect(message(rival)?.contains("The settings mirostat and ") == true)
    }
    #expect(throws: GenerationSettingsError.mirostatWithoutTemperature) {
      try SamplerSettings(temperature: 0, mirostat: mirostat).validate()
    }
    #expect(throws: GenerationSettingsError.everythingBanned) {
      _ = try Sampler(SamplerSettings(banned: [0, 2]), vocabularySize: 3, forbidden: [1])
    }
  }
}
