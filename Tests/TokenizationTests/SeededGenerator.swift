import Tokenization

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// A text of scalars that do something to each other, and of any others.
  mutating func text(scalarCount: Int) -> String {
    String(scalars: (0..<scalarCount).map { _ in scalar() })
  }

  private mutating func scalar() -> UInt32 {
    switch UInt8.random(in: 0..<10, using: &self) {
    case 0...3: return Self.restless.randomElement(using: &self)!
    case 4: return UInt32.random(in: 0x300...0x36F, using: &self)
    case 5: return UInt32.random(in: 0x1F00...0x1FFF, using: &self)
    case 6: return UInt32.random(in: 0x20...0x7E, using: &self)
    case 7: return UInt32.random(in: 0...0xD7FF, using: &self)
    case 8: return UInt32.random(in: 0xAC00...0xD7A3, using: &self)
    default: return UInt32.random(in: 0xE000...0x10FFFF, using: &self)
    }
  }

  /// Scalars that combine, move, fold, vanish into others, or join grapheme clusters.
  private static let restless: [UInt32] = [
    0x09C7, 0x09BE, 0x0B47, 0x0B3E, 0x0DD9, 0x0DCF, 0x0DCA, 0x1025, 0x102E,  // marks of class 0
    0x1100, 0x1112, 0x1161, 0x1175, 0x11A7, 0x11A8, 0x11C2, 0xAC00, 0xAC01,  // Hangul
    0x0301, 0x0316, 0x0327, 0x0323, 0x0307, 0x0345, 0x0344, 0x0340, 0x0338, 0x05BF, 0x05B0,
    0x0958, 0x0915, 0x093C, 0x094D, 0x200D, 0x0E33, 0x0F71, 0x0F74, 0x0F81, 0x1D15E, 0x110BA,
    0x41, 0x5A, 0x49, 0x69, 0x130, 0x131, 0xDF, 0x1E9E, 0x149, 0x1F0, 0x390, 0x3B9, 0x399,
    0x3C3, 0x3C2, 0x3A3, 0x13A0, 0xAB70, 0x13F8, 0x1E9B, 0x17F, 0x2126, 0x212A, 0x212B, 0x37A,
    0xFB05, 0xFDFA, 0xFB1D, 0x2ADC, 0x3392, 0x3F9, 0x3F2, 0x1C4, 0x1E921, 0x10400, 0x0A, 0x0D,
    0x1F1E9, 0x1F1EA, 0x1F469, 0x1F3FD, 0x2764, 0xFE0F, 0x600, 0x1F80, 0x1FFC, 0x1FB7,
  ]
}
