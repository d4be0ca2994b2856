import Storage

/// Builds the text of a safetensors header, with its length in front and room for its digest.
struct HeaderText {
  private var bytes = [UInt8](repeating: 0, count: SafetensorsHeader.lengthByteCount)
  private var hexOffset = 0

  /// The header of `tensors`, whose byte ranges are contiguous, and of `metadata`; the key of the
  /// header's digest is added.
  /// - Parameter alignment: length and header together are padded to a multiple of this.
  init(tensors: [TensorEntry], metadata: SafetensorsMetadata, alignment: Int) {
    append("{\"__metadata__\":{")
    var metadata = metadata
    metadata[SafetensorsDigests.headerKey] = SafetensorsDigests.placeholder
    for (index, key) in metadata.keys.enumerated() {
      if index > 0 { append(",") }
      appendString(key)
      append(":")
      if key == SafetensorsDigests.headerKey { hexOffset = bytes.count + 1 }
      appendString(metadata[key] ?? "")
    }
    append("}")
    for tensor in tensors {
      append(",")
      appendString(tensor.name)
      append(":{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[")
      append(tensor.shape.map(String.init).joined(separator: ","))
      append("],\"data_offsets\":[\(tensor.byteRange.lowerBound),\(tensor.byteRange.upperBound)]}")
    }
    append("}")
    while bytes.count % alignment != 0 { append(" ") }
    withUnsafeBytes(of: UInt64(byteCount).littleEndian) { length in
      bytes.replaceSubrange(..<length.count, with: length)
    }
  }

  /// The header's length in bytes, excluding the eight bytes of the length itself.
  var byteCount: Int { bytes.count - SafetensorsHeader.lengthByteCount }

  /// The length and the header, with the digest filled in.
  func signed() -> [UInt8] {
    let digest = bytes.withUnsafeBytes {
      SafetensorsDigests.headerDigest(of: $0, hexOffset: hexOffset)
    }
    var signed = bytes
    signed.replaceSubrange(hexOffset..<hexOffset + SHA256Digest.hexByteCount, with: digest.hex.utf8)
    return signed
  }

  private mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Appends `text` as a JSON string; escapes only quotes, backslashes and control characters.
  private mutating func appendString(_ text: String) {
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0..<0x20: append("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
      default: bytes.append(byte)
      }
    }
    append("\"")
  }
}
