/// The symbols that spell a unit outside the vocabulary when no byte may be lost: a scalar, a byte
/// that is not part of well-formed UTF-8, or the end of a spelling. Each is a number below `count`.
package enum EscapeSymbol {
  /// Ends the spelling of a grapheme cluster; the spelling of a scalar is a single symbol.
  package static let stop = UnicodeTable.scalarLimit + 256
  /// The number of symbols, including the 2,048 surrogates, which spell nothing.
  package static let count = Int(stop) + 1

  static func scalar(_ scalar: UInt32) -> UInt32 { scalar }
  static func byte(_ byte: UInt8) -> UInt32 { UnicodeTable.scalarLimit + UInt32(byte) }

  /// Appends the bytes that a symbol spells.
  /// - Returns: false for a stop, a surrogate or an invalid symbol, which spell no bytes.
  package static func appendBytes(of symbol: UInt32, to bytes: inout [UInt8]) -> Bool {
    if let scalar = Unicode.Scalar(symbol) {
      bytes.append(contentsOf: UTF8.encode(scalar)!)
      return true
    }
    guard symbol >= UnicodeTable.scalarLimit && symbol < stop else { return false }
    bytes.append(UInt8(symbol - UnicodeTable.scalarLimit))
    return true
  }
}
