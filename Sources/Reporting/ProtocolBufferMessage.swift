/// A message in the wire format of Protocol Buffers, written field by field.
///
/// A field is its key, `number << 3 | type`, and its value: a variable-length integer (type 0), 8
/// bytes (1), 4 bytes (5), or a length and that many bytes (2). See "Encoding" in the documentation
/// of Protocol Buffers.
struct ProtocolBufferMessage {
  private(set) var bytes: [UInt8] = []

  func integer(_ field: Int, _ value: Int) -> Self {
    appending(field, type: 0) { $0.append(variable: UInt64(bitPattern: Int64(value))) }
  }

  func double(_ field: Int, _ value: Double) -> Self {
    appending(field, type: 1) { $0.bytes += littleEndianBytes(value.bitPattern) }
  }

  func float(_ field: Int, _ value: Float) -> Self {
    appending(field, type: 5) { $0.bytes += littleEndianBytes(value.bitPattern) }
  }

  func string(_ field: Int, _ text: String) -> Self {
    data(field, Array(text.utf8))
  }

  func message(_ field: Int, _ message: ProtocolBufferMessage) -> Self {
    data(field, message.bytes)
  }

  private func data(_ field: Int, _ content: [UInt8]) -> Self {
    appending(field, type: 2) {
      $0.append(variable: UInt64(content.count))
      $0.bytes += content
    }
  }

  private func appending(_ field: Int, type: Int, _ value: (inout Self) -> Void) -> Self {
    var copy = self
    copy.append(variable: UInt64(field << 3 | type))
    value(&copy)
    return copy
  }

  /// Seven bits a byte, the lowest first; all bytes except the last have the high bit.
  private mutating func append(variable value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

func littleEndianBytes(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
