/// A message in the wire format of Protocol Buffers, written field by field.
///
/// A field is its key, `number << 3 | type`, and its value: a variable-length integer (type 0), 8
/// bytes (1), 4 bytes (5), or a length and that many bytes (2). See "Encoding" in the documentation
/// of Protocol Buffers.
package struct ProtocolBufferMessage: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package consuming func integer(_ field: Int, _ value: Int) -> Self {
    append(field, type: 0)
    append(variable: UInt64(bitPattern: Int64(value)))
    return self
  }

  package consuming func double(_ field: Int, _ value: Double) -> Self {
    append(field, type: 1)
    bytes += littleEndianBytes(value.bitPattern)
    return self
  }

  package consuming func float(_ field: Int, _ value: Float) -> Self {
    append(field, type: 5)
    bytes += littleEndianBytes(value.bitPattern)
    return self
  }

  package consuming func string(_ field: Int, _ text: String) -> Self {
    data(field, Array(text.utf8))
  }

  package consuming func message(_ field: Int, _ message: ProtocolBufferMessage) -> Self {
    data(field, message.bytes)
  }

  package consuming func data(_ field: Int, _ content: [UInt8]) -> Self {
    append(field, type: 2)
    append(variable: UInt64(content.count))
    bytes += content
    return self
  }

  /// A repeated field.
  package consuming func messages(_ field: Int, _ messages: [ProtocolBufferMessage]) -> Self {
    for message in messages { self = self.message(field, message) }
    return self
  }

  private mutating func append(_ field: Int, type: Int) {
    append(variable: UInt64(field << 3 | type))
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

package func littleEndianBytes(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
