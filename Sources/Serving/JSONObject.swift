import ModelFiles

/// An object of JSON whose fields are read with a check of type and range.
///
/// A field that is null is as good as absent.
package struct JSONObject: Sendable {
  private let fields: [String: JSONValue]

  /// - Throws: `ServingError.invalid`.
  package init(_ bytes: some Sequence<UInt8>) throws {
    guard let value = try? JSONReader.read(Array(bytes)) else {
      throw ServingError.invalid(
        parameter: nil,
        reason: #"The body is not JSON: give an object such as {"prompt": "It was"}."#)
    }
    guard let object = JSONObject(value) else {
      throw ServingError.invalid(parameter: nil, reason: "The body is not an object of JSON.")
    }
    self = object
  }

  /// Nil if the value is not an object.
  package init?(_ value: JSONValue) {
    guard case .object(let members) = value else { return nil }
    // Keys may be canonically equivalent, which makes them one here: the last counts.
    fields = Dictionary(members.map { ($0.key, $0.value) }) { $1 }
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
    case nil, .null?: return nil
    case let value?:
      guard let object = JSONObject(value) else { throw invalid(name, "an object") }
      return object
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
