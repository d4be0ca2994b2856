import Foundation
import Generation
import Kernels
import Testing
import Tokenization

/// The mathematics of each step, used alone.
@Suite struct SamplerStepTests {
  /// Probabilities differ from the reference's by rounding only.
  static let tolerance = 1e-12

  /// Logits with ties, and what one step leaves of them must be the reference's distribution.
  private func expectReference(
    _ settings: SamplerSettings, _ apply: (inout TokenCandidates) -> Void
  ) {
    var random = RandomStream(seed: 30)
    for round in 0..<60 {
      let logits = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        round % 3 == 0
          ? Float(Int.random(in: -3...3, using: &random)) : Float(3 * random.nextNormal())
      }
      var candidates = TokenCandidates(logits, temperature: settings.temperature)
      apply(&candidates)
      let reference = ReferenceDistribution(logits, settings)
      // Sums in another order may fall on the other side of what is to be reached.
      guard reference.margin > Self.tolerance else { continue }
      for (found, expected) in zip(candidates.probabilities, reference.probabilities) {
        #expect(abs(found - expected) < Self.tolerance)
        #expect((found == 0) == (expected == 0))
      }
    }
  }

  @Test(arguments: [1, 2, 7, 40, 1_000])
  func topKKeepsTheMostLikely(count: Int) {
    expectReference(SamplerSettings(topK: count)) { $0.keepTopK(count) }
  }

  @Test(arguments: [0, 1e-9, 0.1, 0.5, 0.9, 0.999, 1])
  func topPKeepsTheNucleus(mass: Double) {
    expectReference(SamplerSettings(temperature: 1.3, topP: mass)) { $0.keepTopP(mass) }
  }

  @Test(arguments: [0, 1e-9, 0.05, 0.3, 0.95, 1])
  func minPKeepsWhatIsLikelyEnough(fraction: Double) {
    expectReference(SamplerSettings(temperature: 0.7, minP: fraction)) {
      $0.keepMinP(fraction)
    }
  }

  @Test(arguments: [1e-9, 0.1, 0.5, 0.9, 0.999, 1])
  func typicalPKeepsTheExpectedSurprise(mass: Double) {
    expectReference(SamplerSettings(typicalP: mass)) { $0.keepTypical(mass) }
  }

  @Test func typicalPMayDropTheMostLikelyToken() {
    // Surprisals 0.69, 1.39, 2.08 and 3 times 2.77 bits off an entropy of 1.39 nats: the second is typical.
    let logits = [0.5, 0.25, 0.125, 0.0625, 0.0625].map { Float(log($0)) }
    var candidates = TokenCandidates(logits)
    candidates.keepTypical(0.2)
    #expect(candidates.probability(of: 0) == 0)
    #expect(candidates.probability(of: 1) == 1)
  }

  @Test func stepsWorkOnWhatTheOnesBeforeLeft() {
    expectReference(
      SamplerSettings(temperature: 1.5, topK: 20, topP: 0.9, minP: 0.02, typicalP: 0.8)
    ) {
      $0.keepTopK(20)
      $0.keepTopP(0.9)
      $0.keepMinP(0.02)
      $0.keepTypical(0.8)
    }
  }

  @Test func mirostatCutsAtItsBoundAndFollowsTheSurprise() {
    let probabilities = [0.5, 0.25, 0.125, 0.0625, 0.0625]
    let logits = probabilities.map { Float(log($0)) }
    var mirostat = Mirostat(target: 1.25, rate: 0.5)
    #expect(mirostat.bound == 2.5)
    var candidates = TokenCandidates(logits)
    mirostat.apply(to: &candidates)
    #expect(abs(candidates.probability(of: 0) - 0.5 / 0.75) < 1e-6)
    #expect(candidates.probabilities[2...].allSatisfy { $0 == 0 })
    mirostat.observe(1, of: candidates)
    #expect(abs(mirostat.bound - (2.5 - 0.5 * (log2(3) - 1.25))) < 1e-6)
    // However small the bound, a token is left.
    var strict = Mirostat(target: 0)
    candidates = TokenCandidates(logits)
    strict.apply(to: &candidates)
    #expect(candidates.probabilities == [1, 0, 0, 0, 0])
    strict.observe(0, of: candidates)
    #expect(strict.bound == 0)
  }

  @Test func mirostatHoldsTheMeanSurprise() throws {
    var random = RandomStream(seed: 31)
    for target in [0.7, 2.0, 3.5] {
      let settings = SamplerSettings(mirostat: Mirostat(target: target))
      var sampler = try Sampler(settings, vocabularySize: 50)
      var history = SamplerHistory(settings)
      var bits = 0.0
      let count = 3_000
      for _ in 0..<count {
        let logits = (0..<50).map { _ in Float(2 * random.nextNormal()) }
        let bound = history.mirostatBound!
        _ = sampler.next(logits, history: &history, using: &random)
        bits += target + (bound - history.mirostatBound!) / Mirostat.defaultRate
      }
      #expect(abs(bits / Double(count) - target) < 0.05)
    }
  }

  @Test func biasesAreAdded() throws {
    let settings = SamplerSettings(logitBias: [1: 2.5, 3: -1, 2: 1])
    var sampler = try Sampler(settings, vocabularySize: 4)
    let found = sampler.probabilities([1, -2, 3, 0.5], history: SamplerHistory(settings))
    #expect(found == TokenCandidates([1, 0.5, 4, -0.5]).probabilities)
    let infinite = sampler.probabilities(
      [1, -2, .infinity, 0.5], history: SamplerHistory(settings))
    #expect(infinite == [0, 0, 1, 0])
  }

  @Test func penaltiesLessenWhatWasThere() {
    var recent = RecentTokens(capacity: 4)
    recent.append(contentsOf: [3, 0, 1, 0, 0])
    #expect(recent.tokens == [0, 1, 0, 0])
    #expect(recent.counts == [0: 3, 1: 1])
    var logits: [Float] = [3, -2, 5, 7]
    RepetitionPenalties(repetition: 2).apply(to: &logits, after: recent)
    #expect(logits == [1.5, -4, 5, 7])
    logits = [3, -2, 5, 7]
    RepetitionPenalties(presence: 0.5, frequency: 0.25).apply(to: &logits, after: recent)
    #expect(logits == [1.75, -2.75, 5, 7])
    logits = [3, -2, 5, 7]
    RepetitionPenalties(repetition: 2, presence: 1, frequency: 1).apply(to: &logits, after: recent)
    #expect(logits == [-2.5, -6, 5, 7])
  }

  @Test(arguments: [1, 2, 5, 64])
  func recentTokensAreTheLastOnes(capacity: Int) {
    var random = RandomStream(seed: 32)
    var recent = RecentTokens(capacity: capacity)
    var all: [TokenID] = []
    for _ in 0..<200 {
      all.append(TokenID.random(in: 0...6, using: &random))
      recent.append(all.last!)
      #expect(recent.tokens == all.suffix(capacity))
      let counts = Dictionary(grouping: all.suffix(capacity)) { $0 }.mapValues(\.count)
      #expect(recent.counts == counts)
    }
  }
}
