/// The units that a tokenizer knows, and their numbers.
///
/// Token 0 represents every unit outside the vocabulary, token 1 the beginning and the end of a
/// document. No unit spells either. The units follow from 2, in ascending order of their UTF-8
/// bytes, which for scalars is the order of their values. Units added later come after all others,
/// again in ascending order, so that each token keeps its meaning. A vocabulary of bytes has all
/// 256 of them.
public struct Vocabulary: Sendable, Equatable {
  /// The token of every unit outside the vocabulary.
  public static let unknown: TokenID = 0
  /// The token that begins and ends a document, which by default is a whole text; see
  /// `DocumentSeparator`.
  public static let endOfText: TokenID = 1
  /// The token of the first unit.
  package static let firstUnit = 2
  /// The most units that a vocabulary can have.
  public static let maximumUnitCount = Int(TokenID.max) + 1 - firstUnit

  /// The kind of unit that a token is.
  public let unit: TokenUnit
  /// The UTF-8 of the units, in order.
  private let units: ByteStringTable
  /// The number of units, the last ones, that were added later.
  public let addedCount: Int
  /// The tokens of units that are a single scalar.
  let scalars: ScalarTable<TokenID>

  /// Creates a vocabulary of these units.
  ///
  /// - Parameters:
  ///   - unit: The kind of unit that a token is.
  ///   - units: The units, in ascending order of their UTF-8 bytes; none for bytes. Whether a
  ///     grapheme cluster is a single one depends on the version of Unicode, so `Tokenizer` checks
  ///     that.
  /// - Throws: `TokenizationError.vocabularyTooLarge`, `.malformedUnit`, `.unsortedUnits` or
  ///   `.unexpectedUnits`.
  public init(unit: TokenUnit, units: some Sequence<String>) throws(TokenizationError) {
    try self.init(unit: unit, units: Array(units), addedCount: 0)
  }

  /// Creates a vocabulary in which the last `addedCount` units may be in any order.
  init(unit: TokenUnit, units: [String], addedCount: Int) throws(TokenizationError) {
    var table = ByteStringTable()
    var previous: [UInt8] = []
    for (position, spelling) in units.enumerated() {
      guard unit != .byte else { throw .unexpectedUnits(unit: unit) }
      let bytes = Array(spelling.utf8)
      guard !bytes.isEmpty, unit != .scalar || spelling.unicodeScalars.count == 1 else {
        throw .malformedUnit(position: position, unit: unit)
      }
      let isAdded = position >= units.count - addedCount
      guard isAdded || previous.lexicographicallyPrecedes(bytes) else {
        throw .unsortedUnits(position: position)
      }
      guard position < Self.maximumUnitCount else {
        throw .vocabularyTooLarge(unitCount: position + 1)
      }
      guard bytes.withUnsafeBufferPointer({ table.insert($0) }) == position else {
        throw .unsortedUnits(position: position)
      }
      previous = bytes
    }
    if unit == .byte {
      self = .bytes
    } else {
      self.init(unit: unit, wellFormedUnits: table, addedCount: addedCount)
    }
  }

  /// The vocabulary of all bytes.
  public static let bytes: Vocabulary = {
    var table = ByteStringTable()
    for byte in UInt8.min...UInt8.max {
      _ = withUnsafePointer(to: byte) {
        table.insert(UnsafeBufferPointer(start: $0, count: 1))
      }
    }
    return Vocabulary(unit: .byte, wellFormedUnits: table)
  }()

  /// Creates a vocabulary of units that are known to be in order and well-formed.
  init(unit: TokenUnit, wellFormedUnits units: ByteStringTable, addedCount: Int = 0) {
    self.unit = unit
    self.units = units
    self.addedCount = addedCount
    var scalars = ScalarTable(repeating: Self.unknown)
    if unit != .byte {
      for index in 0..<units.count {
        units.withString(index) { bytes in
          let (scalar, byteCount) = UTF8Coding.decode(bytes, at: 0)
          guard byteCount == bytes.count else { return }
          scalars[scalar] = TokenID(index + Self.firstUnit)
        }
      }
    }
    self.scalars = scalars
  }

  /// This vocabulary, followed by the units of `newUnits` that it does not have.
  /// - Parameter newUnits: well-formed units in ascending order.
  /// - Throws: `TokenizationError.vocabularyTooLarge`.
  func adding(_ newUnits: [[UInt8]]) throws(TokenizationError) -> Vocabulary {
    var table = units
    for unit in newUnits { _ = unit.withUnsafeBufferPointer { table.insert($0) } }
    guard table.count <= Self.maximumUnitCount else {
      throw .vocabularyTooLarge(unitCount: table.count)
    }
    return Vocabulary(
      unit: unit, wellFormedUnits: table, addedCount: addedCount + table.count - units.count)
  }

  /// The number of tokens: the units and the two tokens before them.
  public var count: Int { units.count + Self.firstUnit }

  /// The token of the unit with these bytes, which are UTF-8 or, in a vocabulary of bytes, a single
  /// byte; `unknown` if the vocabulary does not have it.
  public func id(ofUTF8 bytes: UnsafeBufferPointer<UInt8>) -> TokenID {
    units.index(of: bytes).map { TokenID($0 + Self.firstUnit) } ?? Self.unknown
  }

  /// The token of the unit with this spelling; `unknown` if the vocabulary does not have it.
  public func id(of spelling: String) -> TokenID {
    var spelling = spelling
    return spelling.withUTF8 { id(ofUTF8: $0) }
  }

  /// Calls `body` with the bytes of a unit, which are none for `unknown` and `endOfText`.
  /// - Precondition: `id` is less than `count`.
  public func withUTF8<Result>(
    of id: TokenID, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    precondition(Int(id) < count, "the token is not of this vocabulary")
    if Int(id) < Self.firstUnit { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    return try units.withString(Int(id) - Self.firstUnit, body)
  }

  /// The spelling of a token: its unit; U+FFFD for `unknown` and for a byte outside ASCII; nothing
  /// for `endOfText`.
  /// - Precondition: `id` is less than `count`.
  public func spelling(of id: TokenID) -> String {
    if id == Self.unknown { return "\u{FFFD}" }
    return withUTF8(of: id) { String(decoding: $0, as: UTF8.self) }
  }
}

/// The number of a token in a `Vocabulary`: 0 is the unknown token, 1 begins and ends a text, and
/// the units follow.
public typealias TokenID = UInt16

/// The unit that a token is.
public enum TokenUnit: String, CaseIterable, Codable, Sendable {
  /// A Unicode scalar value (Unicode 3.9, D76): the character of this package.
  case scalar
  /// An extended grapheme cluster (UAX #29): what a reader sees as one character.
  case grapheme
  /// A byte of the normalized text's UTF-8; no byte is ever unknown.
  case byte
}
