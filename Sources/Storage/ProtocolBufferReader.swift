/// Reads a message in the wire format of Protocol Buffers field by field, from bytes that nobody has
/// checked.
package struct ProtocolBufferReader {
  /// The value of a field.
  package enum Value {
    case integer(UInt64)
    /// 4 or 8 bytes.
    case fixed(ArraySlice<UInt8>)
    case data(ArraySlice<UInt8>)
  }

  /// The message breaks off or is not valid at a byte.
  package struct Damage: Error, Equatable {
    package let byteOffset: Int

    package init(byteOffset: Int) { self.byteOffset = byteOffset }
  }

  private var rest: ArraySlice<UInt8>

  package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field; nil at the end.
  package mutating func next() throws(Damage) -> (field: Int, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let key = try integer()
    guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw Damage(byteOffset: rest.startIndex) }
    let value: Value =
      switch key & 7 {
      case 0: .integer(try integer())
      case 1: .fixed(try take(8))
      case 2: .data(try take(Int(clamping: try integer())))
      case 5: .fixed(try take(4))
      default: throw Damage(byteOffset: rest.startIndex)
      }
    return (Int(key >> 3), value)
  }

  private mutating func take(_ count: Int) throws(Damage) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw Damage(byteOffset: rest.startIndex) }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private mutating func integer() throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst(), shift < 63 || byte < 2 else { break }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw Damage(byteOffset: rest.startIndex)
  }

  /// The integers of a field that holds several in a row.
  package static func integers(_ data: ArraySlice<UInt8>) throws(Damage) -> [UInt64] {
    var reader = ProtocolBufferReader(data)
    var values: [UInt64] = []
    while !reader.rest.isEmpty { values.append(try reader.integer()) }
    return values
  }
}
