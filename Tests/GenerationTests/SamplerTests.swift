import Foundation
import Generation
import Kernels
import Testing
import Tokenization

@Suite struct SamplerTests {
  static let logits: [Float] = [
    3.1, -0.5, 2.2, 0.25, -2, 1.5, 2.2, 0.25, -7, 1, 0, 4, -0.0, 3.5, 0.7, 2.2,
  ]
  static let forbidden: Set<TokenID> = [0, 11]

  @Test(arguments: [0.3, 0.8, 1, 1.7, 1e3], [nil, 1, 3, 5, 14, Int.max])
  func drawsFollowTheExactDistribution(temperature: Double, topK: Int?) throws {
    let settings = SamplerSettings(temperature: temperature, topK: topK)
    var sampler = try Sampler(
      settings, vocabularySize: Self.logits.count, forbidden: Self.forbidden)
    var stream = RandomStream(seed: 20)
    var counts = Array(repeating: 0, count: Self.logits.count)
    for _ in 0..<10_000 { counts[Int(sampler.next(Self.logits, using: &stream))] += 1 }
    let reference = ReferenceDistribution(Self.logits, settings, forbidden: Self.forbidden)
    for (probability, count) in zip(reference.probabilities, counts) where probability == 0 {
      #expect(count == 0)
    }
    let (statistic, limit) = reference.chiSquare(counts)
    #expect(statistic < limit)
  }

  @Test func temperatureZeroIsTheMostLikelyTokenOfLowestId() throws {
    var stream = RandomStream(seed: 1)
    let before = stream
    for (logits, expected): ([Float], TokenID) in [
      ([1, 3, 2], 1), ([1, 3, 3], 1), ([-0.0, 0], 0), ([0, -0.0], 0), ([-5, -4, -.infinity], 1),
      ([.nan, -1e30], 1), ([.nan, .infinity, 3], 1), ([.nan, .nan], 0),
    ] {
      for temperature in [0, -0.0] {
        for topK in [nil, 1, 2] {
          var sampler = try Sampler(
            SamplerSettings(temperature: temperature, topK: topK), vocabularySize: logits.count)
          #expect(sampler.next(logits, using: &stream) == expected)
        }
      }
    }
    #expect(stream == before)
  }

  @Test func equalLogitsGoByTheirIds() throws {
    // Of the 44 equal ones the first k are left, and both zeros are equal.
    let logits = (0..<60).map { $0 < 16 ? Float(-1) : $0 % 2 == 0 ? 0 : -0.0 }
    for topK in [1, 2, 20, 43, 44] {
      var sampler = try Sampler(SamplerSettings(topK: topK), vocabularySize: 60)
      var stream = RandomStream(seed: 3)
      var seen: Set<TokenID> = []
      for _ in 0..<800 { seen.insert(sampler.next(logits, using: &stream)) }
      #expect(seen == Set((16..<16 + topK).map { TokenID($0) }))
    }
  }

  @Test func forbiddenTokensAreNeverChosen() throws {
    for temperature in [0, 1e-300, 1, 1e300] {
      var sampler = try Sampler(
        SamplerSettings(temperature: temperature, topK: 2), vocabularySize: 4,
        forbidden: [0, 1, 9])
      var stream = RandomStream(seed: 4)
      var counts = [0, 0, 0, 0]
      for _ in 0..<200 {
        counts[Int(sampler.next([.infinity, 1e38, -1e38, -.infinity], using: &stream))] += 1
      }
      #expect(counts[0] + counts[1] == 0)
      // -infinity is impossible at any temperature.
      #expect(counts[2] == 200)
    }
  }

  @Test(arguments: [
    0, .leastNonzeroMagnitude, 1e-300, 1e-3, 1, 1e3, 1e300, .greatestFiniteMagnitude,
  ])
  func noLogitsMakeItFail(temperature: Double) throws {
    let special: [Float] = [
      0, -0.0, 1, -1, 88, 3e38, -3e38, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 100,
    ]
    var random = RandomStream(seed: 5)
    var stream = RandomStream(seed: 6)
    for round in 0..<400 {
      let vocabularySize = Int.random(in: 3...40, using: &random)
      let logits = (0..<vocabularySize).map { _ in
        switch round % 4 {
        case 0: Float.random(in: -20...20, using: &random)
        case 1: special.randomElement(using: &random)!
        case 2: Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))
        default: special[round / 4 % special.count]
        }
      }
      let forbidden: Set<TokenID> = round % 3 == 0 ? [] : [0, 1]
      for topK in [nil, 1, 2, vocabularySize, Int.max] {
        let settings = SamplerSettings(temperature: temperature, topK: topK)
        var sampler = try Sampler(
          settings, vocabularySize: vocabularySize, forbidden: forbidden)
        let reference = ReferenceDistribution(logits, settings, forbidden: forbidden)
        let token = Int(sampler.next(logits, using: &stream))
        #expect(reference.probabilities[token] > 0)
        if temperature == 0 || topK == 1 { #expect(token == reference.mostLikely) }
      }
    }
  }

  @Test func temperaturesThatCannotBeToldFromZeroAndInfinityAreTheirLimits() throws {
    let logits: [Float] = [1, 2, 1.999, -3]
    var stream = RandomStream(seed: 7)
    var cold = try Sampler(SamplerSettings(temperature: .leastNonzeroMagnitude), vocabularySize: 4)
    for _ in 0..<100 { #expect(cold.next(logits, using: &stream) == 1) }
    var hot = try Sampler(SamplerSettings(temperature: 1e300), vocabularySize: 4)
    var counts = [0, 0, 0, 0]
    for _ in 0..<4_000 { counts[Int(hot.next(logits, using: &stream))] += 1 }
    for count in counts { #expect(abs(count - 1_000) < 150) }
  }

  @Test func aLargeVocabularyIsChosenFromRightly() throws {
    var random = RandomStream(seed: 8)
    let logits = (0..<65_536).map { _ in Float.random(in: -10...10, using: &random) }
    let settings = SamplerSettings(topK: 50)
    let reference = ReferenceDistribution(logits, settings)
    var sampler = try Sampler(settings, vocabularySize: 65_536)
    for _ in 0..<20 {
      #expect(reference.probabilities[Int(sampler.next(logits, using: &random))] > 0)
    }
    var last = try Sampler(settings, vocabularySize: 65_536, forbidden: Set(0..<65_535))
    #expect(last.next(logits, using: &random) == 65_535)
  }

  @Test func settingsThatMeanNothingAreRefused() {
    let tooCold = GenerationSettingsError.outOfRange(
      .temperature, value: "-1", range: "0 (always the most likely character) or more")
    #expect(throws: tooCold) { try SamplerSettings(temperature: -1).validate() }
    for temperature in [Double.nan, .infinity, -.infinity, -1e-300] {
      #expect(throws: GenerationSettingsError.self) {
        try SamplerSettings(temperature: temperature).validate()
      }
    }
    for topK in [0, -1, Int.min] {
      let settings = SamplerSettings(topK: topK)
      let check: (any Error) -> Bool = { error in
        guard case GenerationSettingsError.outOfRange(.topK, _, _) = error else { return false }
        return true
      }
      #expect { try settings.validate() } throws: { check($0) }
      #expect { _ = try Sampler(settings, vocabularySize: 3) } throws: { check($0) }
    }
    #expect(
      tooCold.description
        == "The temperature is -1: give 0 (always the most likely character) or more.")
    #expect(
      GenerationSettingsError.outOfRange(.topK, value: "0", range: "a number").description
        == "The top-k is 0: give a number.")
  }
}
