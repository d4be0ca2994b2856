/// The stored form: the kind and, except for bytes, the array of units in the order of their
/// tokens, as in `{"unit": "scalar", "units": ["a", "b"]}`. If the last units were added later,
/// `addedCount` is their number.
extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey {
    case unit, units, addedCount
  }

  /// Encodes the units as text; the numbers of their tokens follow from the order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(unit, forKey: .unit)
    if unit != .byte {
      let units = (Self.firstUnit..<count).map { spelling(of: TokenID($0)) }
      try container.encode(units, forKey: .units)
      if addedCount > 0 { try container.encode(addedCount, forKey: .addedCount) }
    }
  }

  /// Decodes and validates an untrusted vocabulary.
  /// - Throws: `TokenizationError`, or the decoder's error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let unit = try container.decode(TokenUnit.self, forKey: .unit)
    let units = try container.decodeIfPresent([String].self, forKey: .units)
    guard (units == nil) == (unit == .byte) else {
      throw TokenizationError.unexpectedUnits(unit: unit)
    }
    let addedCount = try container.decodeIfPresent(Int.self, forKey: .addedCount) ?? 0
    guard 0...(units?.count ?? 0) ~= addedCount else {
      throw DecodingError.dataCorruptedError(
        forKey: .addedCount, in: container, debugDescription: "more units than there are")
    }
    try self.init(unit: unit, units: units ?? [], addedCount: addedCount)
  }
}
