import Compression
import Foundation
import Kernels
import Testing

/// The coder alone, against the code length that the probabilities promise.
@Suite struct ArithmeticCoderTests {
  /// Beyond the ideal length: a byte that is begun, and the one that ends it.
  static let slack = 16.0

  struct Choice {
    var bounds: [UInt64]
    var number: Int
    var bits: Double {
      -log2(Double(bounds[number + 1] - bounds[number]) / Double(ArithmeticEncoder.total))
    }
  }

  /// - Parameter skew: how unlike the widths are; the likelier choices are made more often.
  static func choices(_ count: Int, among symbolCount: Int, skew: Double, seed: UInt64) -> [Choice]
  {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in
      let weights = (0..<symbolCount).map { _ in exp(skew * (stream.nextUniform() - 0.5)) }
      let sum = weights.reduce(0, +)
      var bounds: [UInt64] = [0]
      let free = Double(ArithmeticEncoder.total - UInt64(2 * symbolCount))
      for weight in weights { bounds.append(bounds.last! + 1 + UInt64(weight / sum * free)) }
      bounds[symbolCount] = ArithmeticEncoder.total
      let place = UInt64(stream.nextUniform() * Double(ArithmeticEncoder.total))
      let number = bounds.lastIndex { $0 <= place }!
      return Choice(bounds: bounds, number: min(number, symbolCount - 1))
    }
  }

  static func encode(_ choices: [Choice]) -> [UInt8] {
    var encoder = ArithmeticEncoder()
    for choice in choices {
      encoder.encode(choice.bounds[choice.number]..<choice.bounds[choice.number + 1])
    }
    encoder.finish()
    return encoder.bytes
  }

  static func expectRoundTrip(_ choices: [Choice]) {
    let bytes = encode(choices)
    let ideal = choices.reduce(0) { $0 + $1.bits }
    #expect(abs(Double(8 * bytes.count) - ideal) <= slack, "\(bytes.count) bytes, \(ideal) bits")
    bytes.withUnsafeBytes { bytes in
      var decoder = ArithmeticDecoder(bytes)
      var wrong = 0
      for choice in choices {
        let number = decoder.decode(among: choice.bounds.count - 1) { choice.bounds[$0] }
        if number != choice.number { wrong += 1 }
      }
      #expect(wrong == 0)
      #expect(decoder.isAtEnd)
    }
  }

  @Test(arguments: [(2, 0.0), (2, 30), (5, 1), (65, 12), (300, 40), (3_000, 3)])
  func choicesComeBackAtTheirIdealLength(symbolCount: Int, skew: Double) {
    Self.expectRoundTrip(Self.choices(1_000, among: symbolCount, skew: skew, seed: 1))
  }

  @Test func theLikeliestAndTheUnlikeliestChoicesComeBack() {
    let total = ArithmeticEncoder.total
    let narrow: [UInt64] = [0, 1, total - 1, total]
    // The narrowest intervals cost 48 bits, the widest next to nothing.
    for number in 0...2 {
      Self.expectRoundTrip(Array(repeating: Choice(bounds: narrow, number: number), count: 500))
    }
    Self.expectRoundTrip([])
  }

  /// An interval that holds 0x80 00 00 ... begins with 0x7F FF FF ..., and a later choice may carry.
  @Test func carriesRunThroughBytesThatAreFull() {
    let third = ArithmeticEncoder.total / 3
    let bounds: [UInt64] = [0, third, 2 * third, ArithmeticEncoder.total]
    var around: [Choice] = []
    ([0x80] + [UInt8](repeating: 0, count: 100)).withUnsafeBytes { bytes in
      var decoder = ArithmeticDecoder(bytes)
      for _ in 0..<60 {
        around.append(Choice(bounds: bounds, number: decoder.decode(among: 3) { bounds[$0] }!))
      }
    }
    var carryCount = 0
    // The first choices settle the first byte.
    for depth in 8..<around.count where around[depth].number == 1 {
      let firsts = [0, 2].map { side in
        var choices = around[..<depth] + [Choice(bounds: bounds, number: side)]
        choices += Self.choices(3, among: 7, skew: 5, seed: UInt64(depth))
        Self.expectRoundTrip(Array(choices))
        return Self.encode(Array(choices)).first
      }
      #expect(firsts == [0x7F, 0x80])
      carryCount += 1
    }
    #expect(carryCount > 5)
  }

  @Test func bytesThatNoEncoderWroteNeverStopTheProgram() {
    var stream = RandomStream(seed: 4)
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
      bytes.withUnsafeBytes { bytes in
        var decoder = ArithmeticDecoder(bytes)
        for _ in 0..<400 {
          _ = decoder.decode(among: 4) { UInt64($0) * (ArithmeticEncoder.total / 4) }
        }
      }
    }
    let full = [UInt8](repeating: 0xFF, count: 20)
    full.withUnsafeBytes { bytes in
      var decoder = ArithmeticDecoder(bytes)
      #expect(decoder.decode(among: 1) { $0 == 0 ? 0 : ArithmeticEncoder.total } == nil)
    }
  }
}
