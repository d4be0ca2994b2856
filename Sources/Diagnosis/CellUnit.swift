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
