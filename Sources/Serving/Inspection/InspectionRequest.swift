import RecurrentNetwork

/// A text to look into, and the part of the network that is asked for.
package struct InspectionRequest: Sendable {
  package let text: String
  package let layer: Int
  /// The units whose vectors are returned.
  package let units: [Int]
  /// The state vector that is returned for every unit.
  package let vector: TracedVector
  package let candidateCount: Int
  package let includesStates: Bool
  package let includesGradients: Bool

  package static let mostCharacters = 2_000
  private static let mostUnits = 8
  private static let mostCandidates = 10

  /// - Parameter body: a request whose model has been read.
  /// - Throws: `ServingError.invalid`.
  package init(_ body: JSONObject, of network: NetworkConfiguration) throws {
    var body = body
    text = try Self.text(&body)
    layer = try body.integer("layer", in: 0...network.layerCount - 1) ?? network.layerCount - 1
    units = try Self.units(&body, unitCount: network.hiddenSize)
    vector = try Self.vector(&body, of: network.cell)
    candidateCount = try body.integer("candidates", in: 0...Self.mostCandidates) ?? 0
    includesStates = try body.boolean("states") ?? true
    includesGradients = try body.boolean("gradients") ?? true
    try body.rejectUnreadFields()
  }

  private static func text(_ body: inout JSONObject) throws -> String {
    guard let text = try body.string("text"), !text.isEmpty else {
      throw ServingError.invalid(
        parameter: "text", reason: "The text is missing: give it as 'text'.")
    }
    let count = text.unicodeScalars.count
    guard count <= mostCharacters else {
      throw ServingError.invalid(
        parameter: "text",
        reason: "The text has \(count) characters, but only \(mostCharacters) can be looked into: "
          + "give a part of it.")
    }
    return text
  }

  private static func units(_ body: inout JSONObject, unitCount: Int) throws -> [Int] {
    let units = try (body.array("units") ?? []).map(\.integer)
    guard units.count <= mostUnits, Set(units).count == units.count,
      units.allSatisfy({ $0.map { 0..<unitCount ~= $0 } ?? false })
    else {
      throw ServingError.invalid(
        parameter: "units",
        reason: "'units' is not valid: give at most \(mostUnits) different numbers from 0 to "
          + "\(unitCount - 1).")
    }
    return units.compactMap(\.self)
  }

  private static func vector(_ body: inout JSONObject, of cell: CellKind) throws -> TracedVector {
    let states = cell.stateVectors
    guard let letter = try body.string("vector") else { return states[0] }
    guard let vector = states.first(where: { $0.rawValue == letter }) else {
      throw ServingError.invalid(
        parameter: "vector",
        reason: "'vector' is not valid: give "
          + states.map(\.rawValue).joined(separator: " or ") + ".")
    }
    return vector
  }
}
