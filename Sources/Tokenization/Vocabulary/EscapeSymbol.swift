/// What spells a unit that the vocabulary does not hold, where no byte may be lost: a scalar, a byte that is no
/// part of well-formed UTF-8, or the end of a spelling. Each is a number below `count`.
package enum EscapeSymbol {
  private static let scalarLimit: UInt32 = 0x110000
  /// Ends the spelling of a grapheme cluster; that of a scalar is a single literal.
  package static let stop = scalarLimit + 256
  /// How many literals there are, the 2,048 surrogates among them, which nothing is spelled with.
  package static let count = Int(stop) + 1

  static func scalar(_ scalar: UInt32) -> UInt32 { scalar }
  static func byte(_ byte: UInt8) -> UInt32 { scalarLimit + UInt32(byte) }

  /// Appends the bytes that `literal` stands for.
  /// - Returns: false for a stop, a surrogate or what is no literal: these stand for no bytes.
  package static func appendBytes(of literal: UInt32, to bytes: inout [UInt8]) -> Bool {
    if let scalar = Unicode.Scalar(literal) {
      bytes.append(contentsOf: UTF8.encode(scalar)!)
      return true
    }
    guard literal >= scalarLimit && literal < stop else { return false }
    bytes.append(UInt8(literal - scalarLimit))
    return true
  }
}
