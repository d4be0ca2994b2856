/// The type of a tensor's elements, under its name in the safetensors format (`dtype`).
public enum TensorElementType: String, CaseIterable, Hashable, Sendable {
  /// A Boolean in a byte.
  case bool = "BOOL"
  /// A 4-bit number of the MX formats.
  case float4 = "F4"
  /// A 6-bit number of the MX formats, 2 bits of exponent and 3 of fraction.
  case float6E2M3 = "F6_E2M3"
  /// A 6-bit number of the MX formats, 3 bits of exponent and 2 of fraction.
  case float6E3M2 = "F6_E3M2"
  /// An unsigned 8-bit integer.
  case uint8 = "U8"
  /// A signed 8-bit integer.
  case int8 = "I8"
  /// An 8-bit number, 5 bits of exponent and 2 of fraction.
  case float8E5M2 = "F8_E5M2"
  /// An 8-bit number, 4 bits of exponent and 3 of fraction.
  case float8E4M3 = "F8_E4M3"
  /// An 8-bit power of two: the scale of a block in the MX formats.
  case float8E8M0 = "F8_E8M0"
  /// Like `float8E4M3`, without infinities and negative zero.
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  /// Like `float8E5M2`, without infinities and negative zero.
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  /// A signed 16-bit integer.
  case int16 = "I16"
  /// An unsigned 16-bit integer.
  case uint16 = "U16"
  /// An IEEE 754 16-bit number.
  case float16 = "F16"
  /// The upper half of a 32-bit number.
  case bfloat16 = "BF16"
  /// A signed 32-bit integer.
  case int32 = "I32"
  /// An unsigned 32-bit integer.
  case uint32 = "U32"
  /// An IEEE 754 32-bit number, Swift's `Float`.
  case float32 = "F32"
  /// A complex number of two 32-bit parts.
  case complex64 = "C64"
  /// An IEEE 754 64-bit number, Swift's `Double`.
  case float64 = "F64"
  /// A signed 64-bit integer.
  case int64 = "I64"
  /// An unsigned 64-bit integer.
  case uint64 = "U64"

  /// The size of one element in bits.
  public var bitsPerElement: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ,
      .float8E5M2FNUZ:
      8
    case .int16, .uint16, .float16, .bfloat16: 16
    case .int32, .uint32, .float32: 32
    case .complex64, .float64, .int64, .uint64: 64
    }
  }
}
