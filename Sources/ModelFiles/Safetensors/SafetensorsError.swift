/// Errors in a safetensors file, or in the input of a writer of one.
///
/// Every case names the file. `byteOffset` counts from the file's first byte.
public enum SafetensorsError: Error, Equatable {
  // MARK: Frame of the file

  /// The file is shorter than the eight bytes of the header's length.
  case tooShort(file: String, byteCount: Int)
  /// The header claims more than the format's 100,000,000 bytes.
  case headerTooLong(file: String, byteCount: UInt64)
  /// The file is a text.
  case isText(file: String)
  /// The header claims more bytes than the file has after the length.
  case headerPastEnd(file: String, byteCount: Int, available: Int)
  /// The header's first byte is not `{`.
  case headerStart(file: String)
  /// The header is invalid UTF-8 at this byte.
  case invalidUTF8(file: String, byteOffset: Int)
  /// The header's text is not JSON at this byte, or does not have the format's structure.
  case malformedHeader(file: String, byteOffset: Int, expected: String)
  /// Something other than spaces follows the header's closing brace.
  case trailingCharacters(file: String, byteOffset: Int)

  // MARK: Names and values in the header

  /// Two members of the header have this name.
  case duplicateName(file: String, name: String)
  /// Two metadata entries have this key.
  case duplicateMetadataKey(file: String, key: String)
  /// A tensor's entry has this field twice.
  case duplicateField(file: String, tensor: String, field: String)
  /// A tensor's entry has a field that the format does not define.
  case unknownField(file: String, tensor: String, field: String)
  /// A tensor's entry lacks `dtype`, `shape` or `data_offsets`.
  case missingField(file: String, tensor: String, field: String)
  /// A member of the header that should describe a tensor is not an object.
  case entryNotAnObject(file: String, tensor: String)
  /// `__metadata__` is not an object.
  case metadataNotAnObject(file: String)
  /// A metadata entry is not a string.
  case metadataNotAString(file: String, key: String)
  /// A tensor's `dtype` is not a type of the format.
  case unknownElementType(file: String, tensor: String, found: String)
  /// A size or an offset is not a whole number from 0 to 2^63 - 1.
  case invalidInteger(file: String, byteOffset: Int)

  // MARK: Sizes and offsets of tensors

  /// `data_offsets` is not two numbers, of which the second is at least the first.
  case invalidOffsets(file: String, tensor: String, found: [Int])
  /// The product of the shape's sizes exceeds any file.
  case shapeOverflow(file: String, tensor: String, shape: [Int])
  /// Elements smaller than a byte do not fill whole bytes.
  case partOfAByte(file: String, tensor: String, shape: [Int])
  /// The shape and type require another number of bytes than the offsets give.
  case sizeMismatch(file: String, tensor: String, expected: Int, found: Int)
  /// Bytes before this tensor belong to no tensor.
  case hole(file: String, beforeTensor: String, byteCount: Int)
  /// Two tensors share bytes.
  case overlap(file: String, tensor: String, otherTensor: String)
  /// The file ends before its last tensor does.
  case truncated(file: String, missingByteCount: Int)
  /// The file continues after its last tensor.
  case trailingData(file: String, byteCount: Int)

  // MARK: Digests

  /// The file has no digest of its header.
  case headerDigestMissing(file: String)
  /// The header has changed since it was written.
  case headerDigestMismatch(file: String)
  /// The file has no digest of this tensor.
  case tensorDigestMissing(file: String, tensor: String)
  /// The tensor's bytes have changed since they were written.
  case tensorDigestMismatch(file: String, tensor: String)
  /// A key reserved for digests belongs to no tensor of the file.
  case unknownDigest(file: String, key: String)

  // MARK: Requests of a reader

  /// The file has no such tensor.
  case tensorMissing(file: String, tensor: String)
  /// The file has no such metadata entry.
  case metadataMissing(file: String, key: String)
  /// The tensor has another shape than the reader needs.
  case shapeMismatch(file: String, tensor: String, expected: [Int], found: [Int])
  /// The tensor has another element type than the reader needs.
  case elementTypeMismatch(
    file: String, tensor: String, expected: TensorElementType, found: TensorElementType)

  // MARK: Input of a writer

  /// Two tensors to be written have this name.
  case tensorGivenTwice(file: String, tensor: String)
  /// The name of a tensor or the key of a metadata entry is reserved by the format or for digests.
  case reservedName(file: String, name: String)
  /// A tensor to be written has a shape that no file can hold.
  case unwritableShape(file: String, tensor: String, shape: [Int])
  /// A tensor to be written gave another number of bytes than its shape and type require.
  case givenSizeMismatch(file: String, tensor: String, expected: Int, found: Int)
  /// A tensor to be written gave different bytes the second time.
  case tensorChanged(file: String, tensor: String)
  /// Names and metadata to be written make the header longer than the format's 100,000,000 bytes.
  case givenHeaderTooLong(file: String, byteCount: Int)
}
