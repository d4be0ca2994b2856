/// Stored as its kind and, but for bytes, the array of its units:
/// `{"unit": "scalar", "units": ["a", "b"]}`.
extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey {
    case unit, units
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(unit, forKey: .unit)
    if unit != .byte {
      let units = (Self.firstUnit..<count).map { spelling(of: TokenID($0)) }
      try container.encode(units, forKey: .units)
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
    try self.init(unit: unit, units: units ?? [])
  }
}
