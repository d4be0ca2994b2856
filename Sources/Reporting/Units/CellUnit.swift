/// A unit of a layer and its numbers along a text, for a page or a table.
package struct CellUnit: Sendable {
  /// Its index in the layer, from 0.
  package let index: Int
  /// A feature that it follows, with the letter of the vector that follows it better.
  package typealias Match = (feature: TextFeature, vector: String, correlation: Double)
  /// The feature that it follows most closely, and the others of which it is one of the best units;
  /// empty if it is constant.
  package let follows: [Match]
  /// [vectors][characters]; all numbers are finite.
  package var values: [[Float]]

  package init(
    index: Int, follows: [Match], values: [[Float]]
  ) {
    self.index = index
    self.follows = follows
    self.values = values
  }
}

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
