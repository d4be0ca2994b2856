import Diagnosis
import FoundationEssentials
import RecurrentNetwork

/// One vector of the units of a layer along a text, a byte for each number.
///
/// `values` is Base64 of signed bytes, [units][characters]. The number of a byte b is
/// b / 127 * scale, where `scales` has the scale of each unit: 1, or its largest magnitude if that
/// is above 1.
package struct UnitStates: Sendable, Encodable {
  package let vector: String
  /// The units, ascending: all of the layer, or those that follow a feature most closely.
  package let units: [Int]
  package let scales: [Float]
  package let values: String

  /// The most numbers: 1.6 MB of Base64.
  private static let mostNumbers = 1_200_000
  private static let largestByte: Float = 127

  /// - Throws: `DiagnosisError.noStates`.
  init(
    _ vector: TracedVector, of layer: CellDiagnosis.Layer, in diagnosis: CellDiagnosis,
    networkName: String
  ) throws {
    let mostUnits = max(1, Self.mostNumbers / diagnosis.text.characterCount)
    let units = Self.units(of: layer, atMost: mostUnits)
    let trace = try diagnosis.trace(
      of: layer, units: units, vectors: [vector], networkName: networkName)
    let rows = trace.units.map { $0.values[0] }
    let scales = rows.map { row in row.reduce(1) { max($0, abs($1)) } }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * diagnosis.text.characterCount)
    for (row, scale) in zip(rows, scales) {
      for value in row {
        let number = (value / scale * Self.largestByte).rounded()
        bytes.append(UInt8(bitPattern: Int8(number)))
      }
    }
    self.vector = vector.rawValue
    self.units = units
    self.scales = scales
    values = Data(bytes).base64EncodedString()
  }

  private static func units(of layer: CellDiagnosis.Layer, atMost count: Int) -> [Int] {
    let all = 0..<layer.unitCount
    guard all.count > count else { return Array(all) }
    let strengths = all.map { layer.best(ofUnit: $0)?.match.correlation.magnitude ?? 0 }
    return all.sorted { (strengths[$1], $0) < (strengths[$0], $1) }.prefix(count).sorted()
  }
}
