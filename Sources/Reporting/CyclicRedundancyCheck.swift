/// CRC-32C (Castagnoli), as TFRecord files carry it: the reflected polynomial 0x82F63B78, all ones at first and
/// inverted at the end (RFC 3720, section 12.1).
package enum CyclicRedundancyCheck {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  package static func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { value, byte in
      table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8
    }
  }

  /// TFRecord's guard against checksums of data that holds checksums itself.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = crc32c(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
