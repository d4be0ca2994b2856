import ModelFiles

/// An object of JSON whose fields are read with a check of type and range.
///
/// A field that is null is as good as absent. After all known fields have been read, whoever uses
/// the object calls `rejectUnreadFields()`, so that no field is accepted without a check.
package struct JSONObject: Sendable {
  private let fields: [String: JSONValue]
  private var unread: Set<String>

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
    unread = Set(fields.keys)
  }

  package var names: [String] { fields.keys.sorted() }

  /// - Throws: `ServingError.invalid` if there is a field that was not read.
  package func rejectUnreadFields() throws {
    guard let other = unread.min() else { return }
    throw ServingError.invalid(
      parameter: String(other.prefix(40)),
      reason: "There is no parameter '\(other.prefix(40))': leave it out.")
  }

  /// The value of a field, of any type; nil also for null.
  package mutating func value(_ name: String) -> JSONValue? {
    unread.remove(name)
    if case .null? = fields[name] { return nil }
    return fields[name]
  }

  package mutating func string(_ name: String) throws -> String? {
    switch value(name) {
    case nil: nil
    case .string(let value)?: value
    default: throw invalid(name, "a string")
    }
  }

  package mutating func boolean(_ name: String) throws -> Bool? {
    switch value(name) {
    case nil: nil
    case .boolean(let value)?: value
    default: throw invalid(name, "true or false")
    }
  }

  package mutating func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    switch value(name) {
    case nil: return nil
    case let value?:
      guard let number = value.number, range.contains(number) else {
        let (least, most) = (Self.short(range.lowerBound), Self.short(range.upperBound))
        throw invalid(name, "a number from \(least) to \(most)")
      }
      return number
    }
  }

  package mutating func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    switch value(name) {
    case nil: return nil
    case let value?:
      guard let number = value.integer, range.contains(number) else {
        throw invalid(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }

  package mutating func object(_ name: String) throws -> JSONObject? {
    switch value(name) {
    case nil: return nil
    case let value?:
      guard let object = JSONObject(value) else { throw invalid(name, "an object") }
      return object
    }
  }

  package mutating func array(_ name: String) throws -> [JSONValue]? {
    switch value(name) {
    case nil: nil
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
