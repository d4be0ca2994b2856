import FoundationEssentials

/// A value of JSON, for requests whose fields can have several types.
package enum JSONValue: Sendable, Equatable, Decodable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The number, if it is one.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The number, if it is whole.
  package var integer: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }
}

/// An object of JSON whose fields are read with a check of type and range.
///
/// A field that is null is as good as absent.
package struct JSONObject: Sendable {
  private let fields: [String: JSONValue]

  /// - Throws: `ServingError.invalid`.
  package init(_ bytes: some Sequence<UInt8>) throws {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
      throw ServingError.invalid(
        parameter: nil,
        reason: #"The body is not JSON: give an object such as {"prompt": "It was"}."#)
    }
    guard case .object(let fields) = value else {
      throw ServingError.invalid(parameter: nil, reason: "The body is not an object of JSON.")
    }
    self.fields = fields
  }

  private init(fields: [String: JSONValue]) { self.fields = fields }

  /// Nil if the value is not an object.
  package init?(_ value: JSONValue) {
    guard case .object(let fields) = value else { return nil }
    self.fields = fields
  }

  package subscript(name: String) -> JSONValue? { fields[name] }
  package var names: [String] { fields.keys.sorted() }

  /// - Throws: `ServingError.invalid` if there is another field.
  package func allowOnly(_ names: Set<String>) throws {
    guard let other = self.names.first(where: { !names.contains($0) }) else { return }
    throw ServingError.invalid(
      parameter: String(other.prefix(40)),
      reason: "There is no parameter '\(other.prefix(40))': leave it out.")
  }

  package func string(_ name: String) throws -> String? {
    switch fields[name] {
    case nil, .null?: nil
    case .string(let value)?: value
    default: throw invalid(name, "a string")
    }
  }

  package func boolean(_ name: String) throws -> Bool? {
    switch fields[name] {
    case nil, .null?: nil
    case .boolean(let value)?: value
    default: throw invalid(name, "true or false")
    }
  }

  package func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    switch fields[name] {
    case nil, .null?: return nil
    case let value?:
      guard let number = value.number, range.contains(number) else {
        let (least, most) = (Self.short(range.lowerBound), Self.short(range.upperBound))
        throw invalid(name, "a number from \(least) to \(most)")
      }
      return number
    }
  }

  package func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    switch fields[name] {
    case nil, .null?: return nil
    case let value?:
      guard let number = value.integer, range.contains(number) else {
        throw invalid(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }

  package func object(_ name: String) throws -> JSONObject? {
    switch fields[name] {
    case nil, .null?: nil
    case .object(let fields)?: JSONObject(fields: fields)
    default: throw invalid(name, "an object")
    }
  }

  package func array(_ name: String) throws -> [JSONValue]? {
    switch fields[name] {
    case nil, .null?: nil
    case .array(let values)?: values
    default: throw invalid(name, "a list")
    }
  }

  private func invalid(_ name: String, _ wanted: String) -> ServingError {
    .invalid(parameter: name, reason: "'\(name)' is not valid: give \(wanted).")
  }

  private static func short(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}
