/// A text and the numbers of some units of one layer after each of its characters.
package struct CellTrace: Sendable {
  /// The characters, in order.
  package let characters: [String]
  /// The letters of the vectors, the state first, and whether each is a gate in 0...1.
  package let vectors: [(letter: String, isGate: Bool)]
  package let units: [CellUnit]

  package init(
    characters: [String], vectors: [(letter: String, isGate: Bool)], units: [CellUnit]
  ) {
    self.characters = characters
    self.vectors = vectors
    self.units = units
  }

  /// How many numbers a trace of these sizes has; at most `Int.max`.
  package static func numberCount(units: Int, vectors: Int, characters: Int) -> Int {
    let (product, overflow) = (units * vectors).multipliedReportingOverflow(by: characters)
    return overflow ? Int.max : product
  }
}
