/// A seeded stream of random numbers whose position can be stored.
///
/// ```swift
/// import Kernels
///
/// var stream = RandomStream(seed: 1, purpose: 7)
/// let number = stream.nextUniform()  // in [0, 1)
/// ```
///
/// The generator is SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
/// generators"): the k-th number is a hash of `state + k * gamma`. So a stream costs nothing to
/// make, and separate streams for each purpose, step and layer do not depend on the order of their
/// use.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable, Equatable {
  private(set) var state: UInt64

  /// The stream of a seed and of further numbers that identify its purpose.
  public init(seed: UInt64, purpose: UInt64...) {
    state = mix(seed)
    for number in purpose { state = mix(mix(state &+ gamma) ^ number) }
  }

  /// The paper's generator, from its state.
  package init(state: UInt64) {
    self.state = state
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= gamma
    return mix(state)
  }

  /// Skips the next `count` numbers.
  package mutating func skip(_ count: Int) {
    state &+= gamma &* UInt64(count)
  }

  /// A uniform number in [0, 1), a multiple of 2^-53.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}

private let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

private func mix(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
