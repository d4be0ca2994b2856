/// Stored as its kind and, but for bytes, the array of its units:
/// `{"unit": "scalar", "units": ["a", "b"]}`, in the order of their tokens; where the last ones were added
/// later, their number as `addedCount`.
extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey {
    case unit, units, addedCount
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(unit, forKey: .unit)
    if unit != .byte {
      let units = (Self.firstUnit..<count).map { spelling(of: TokenID($0)) }
      try container.encode(units, forKey: .units)
      if addedCount > 0 { try container.encode(addedCount, forKey: .addedCount) }
    }
  }

  /// Reads a vocabulary and believes nothing of it.
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
