extension SafetensorsError: CustomStringConvertible {
  /// One sentence: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .tooShort(let file, let byteCount):
      "\(quoted(file)) has \(bytes(byteCount)), too few for a safetensors file: \(copyAgain)."
    case .isText(let file):
      "\(quoted(file)) is a text, not a model or a checkpoint: give the model first, and texts "
        + "after it."
    case .headerTooLong(let file, let byteCount):
      "\(quoted(file)) claims a header of \(byteCount) bytes, more than the format's 100000000: "
        + "check that it is a safetensors file."
    case .headerPastEnd(let file, let byteCount, let available):
      "\(quoted(file)) claims a header of \(byteCount) bytes but has only \(available) after its "
        + "length: check that it is a safetensors file, and \(copyAgain)."
    case .headerStart(let file):
      "The header of \(quoted(file)) does not begin with '{': check that it is a safetensors file."
    case .invalidUTF8(let file, let byteOffset):
      "The header of \(quoted(file)) is not UTF-8 at byte \(byteOffset): \(copyAgain)."
    case .malformedHeader(let file, let byteOffset, let expected):
      "The header of \(quoted(file)) should have \(expected) at byte \(byteOffset): \(copyAgain)."
    case .trailingCharacters(let file, let byteOffset):
      "The header of \(quoted(file)) continues after its end at byte \(byteOffset): \(copyAgain)."

    case .duplicateName(let file, let name):
      "The header of \(quoted(file)) has \(quoted(name)) twice: \(writeAgain)."
    case .duplicateMetadataKey(let file, let key):
      "The metadata of \(quoted(file)) has \(quoted(key)) twice: \(writeAgain)."
    case .duplicateField(let file, let tensor, let field):
      "The entry of \(tensorText(tensor, file)) has \(quoted(field)) twice: \(writeAgain)."
    case .unknownField(let file, let tensor, let field):
      "The entry of \(tensorText(tensor, file)) has an unknown field \(quoted(field)): "
        + "\(writeAgain)."
    case .missingField(let file, let tensor, let field):
      "The entry of \(tensorText(tensor, file)) has no \(quoted(field)): \(writeAgain)."
    case .entryNotAnObject(let file, let tensor):
      "The entry of \(tensorText(tensor, file)) is not an object: \(writeAgain)."
    case .metadataNotAnObject(let file):
      "The metadata of \(quoted(file)) is not an object: \(writeAgain)."
    case .metadataNotAString(let file, let key):
      "The metadata entry \(quoted(key)) of \(quoted(file)) is not a string: \(writeAgain)."
    case .unknownElementType(let file, let tensor, let found):
      "The elements of \(tensorText(tensor, file)) are of the unknown type \(quoted(found)): "
        + "store them as F32."
    case .invalidInteger(let file, let byteOffset):
      "The header of \(quoted(file)) should have a whole number from 0 to \(Int.max) at byte "
        + "\(byteOffset): \(writeAgain)."

    case .invalidOffsets(let file, let tensor, let found):
      "The offsets \(shapeText(found)) of \(tensorText(tensor, file)) are not a beginning and an end: "
        + "\(writeAgain)."
    case .shapeOverflow(let file, let tensor, let shape):
      "The shape \(shapeText(shape)) of \(tensorText(tensor, file)) is larger than any file: "
        + "\(writeAgain)."
    case .partOfAByte(let file, let tensor, let shape):
      "The shape \(shapeText(shape)) of \(tensorText(tensor, file)) does not fill whole bytes: "
        + "\(writeAgain)."
    case .sizeMismatch(let file, let tensor, let expected, let found):
      "The shape of \(tensorText(tensor, file)) requires \(bytes(expected)), but its offsets give "
        + "\(found): \(writeAgain)."
    case .hole(let file, let beforeTensor, let byteCount):
      "A hole of \(bytes(byteCount)) before \(tensorText(beforeTensor, file)) belongs to no "
        + "tensor: "
        + "\(writeAgain)."
    case .overlap(let file, let tensor, let otherTensor):
      "The bytes of \(tensorText(tensor, file)) overlap those of \(quoted(otherTensor)): "
        + "\(writeAgain)."
    case .truncated(let file, let missingByteCount):
      "\(quoted(file)) ends \(bytes(missingByteCount)) too early: \(copyAgain)."
    case .trailingData(let file, let byteCount):
      "\(quoted(file)) has \(bytes(byteCount)) after its last tensor: \(copyAgain)."

    case .headerDigestMissing(let file):
      "\(quoted(file)) has no digest of its header, so damage would go unnoticed: use a file "
        + "that charlm wrote, or turn verification off."
    case .headerDigestMismatch(let file):
      "The header of \(quoted(file)) is damaged (its digest does not match): \(copyAgain)."
    case .tensorDigestMissing(let file, let tensor):
      "There is no digest of \(tensorText(tensor, file)): \(copyAgain)."
    case .tensorDigestMismatch(let file, let tensor):
      "The bytes of \(tensorText(tensor, file)) are damaged (their digest does not match): "
        + "\(copyAgain)."
    case .unknownDigest(let file, let key):
      "The metadata entry \(quoted(key)) of \(quoted(file)) is a digest, but of no tensor: "
        + "\(copyAgain)."

    case .tensorMissing(let file, let tensor):
      "\(quoted(file)) has no tensor \(quoted(tensor)): "
        + "check that it holds the expected kind of model."
    case .metadataMissing(let file, let key):
      "\(quoted(file)) has no metadata entry \(quoted(key)): use a file that charlm wrote."
    case .shapeMismatch(let file, let tensor, let expected, let found):
      "The shape of \(tensorText(tensor, file)) is \(shapeText(found)), not \(shapeText(expected)): "
        + "check that the file's metadata and tensors belong together."
    case .elementTypeMismatch(let file, let tensor, let expected, let found):
      "The elements of \(tensorText(tensor, file)) are \(found.rawValue), not "
        + "\(expected.rawValue): "
        + "store them as \(expected.rawValue)."

    case .tensorGivenTwice(let file, let tensor):
      "Cannot write \(quoted(file)) with two tensors \(quoted(tensor)): give each its own name."
    case .reservedName(let file, let name):
      "Cannot write \(quoted(file)) with the reserved name \(quoted(name)): choose another."
    case .unwritableShape(let file, let tensor, let shape):
      "Cannot write \(quoted(file)) with the shape \(shapeText(shape)) of \(quoted(tensor)): "
        + "choose sizes that are not negative, fit a file and fill whole bytes."
    case .givenSizeMismatch(let file, let tensor, let expected, let found):
      "Cannot write \(quoted(file)) with \(bytes(found)) for \(quoted(tensor)), whose shape "
        + "requires "
        + "\(expected): give as many."
    case .tensorChanged(let file, let tensor):
      "Cannot write \(quoted(file)) while \(quoted(tensor)) changes: write it when nothing else "
        + "does."
    case .givenHeaderTooLong(let file, let byteCount):
      "Cannot write \(quoted(file)) with a header of \(byteCount) bytes, more than the format's "
        + "100000000: shorten the metadata."
    }
  }
}

private let copyAgain = "copy or download it again"
private let writeAgain = "write it again with a tool that keeps to the format"

private func tensorText(_ tensor: String, _ file: String) -> String {
  "tensor \(quoted(tensor)) in \(quoted(file))"
}

/// A number of bytes in words.
private func bytes(_ count: Int) -> String {
  count == 1 ? "1 byte" : "\(count) bytes"
}

/// Formats `numbers` as Swift does, shortened if there are many.
package func shapeText(_ numbers: [Int]) -> String {
  let limit = 16
  let shown = numbers.prefix(limit).map(String.init).joined(separator: ", ")
  return numbers.count > limit ? "[\(shown), ...]" : "[\(shown)]"
}
