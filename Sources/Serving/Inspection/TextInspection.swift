import Diagnosis
import RecurrentNetwork

/// What a layer of a model does along a text.
package struct TextInspection: Sendable, Encodable {
  /// A character of the text, or another unit of the model.
  package struct Character: Sendable, Encodable {
    package let text: String
    /// The Unicode scalars of the normalized text before it.
    package let offset: Int
    package let bits: Double
    package let unknown: Bool
    /// The likeliest ones at its position, before it was read.
    package let candidates: [TextScore.Unit.Candidate]
  }

  /// A vector of the cell, by its letter in the equations.
  package struct Vector: Sendable, Encodable {
    package let vector: String
    /// Whether its numbers are in 0...1.
    package let gate: Bool
  }

  /// The numbers of a unit after each character.
  package struct Trace: Sendable, Encodable {
    package let unit: Int
    /// By the letters of the vectors.
    package let values: [String: [Float]]
  }

  /// How far gradients reach back from a loss in this text: medians of windows.
  package struct Gradients: Sendable, Encodable {
    package let windows: Int
    package let hidden: GradientProfile.Figures.Curve
    package let cellState: GradientProfile.Figures.Curve?
  }

  package let model: String
  package let cell: String
  package let layers, layer, hiddenSize: Int
  package let characters: [Character]
  package let vectors: [Vector]
  package let features: [LayerFigures.Feature]
  /// Every unit that varies, with the feature that it follows most closely.
  package let units: [LayerFigures.Unit]
  package let traces: [Trace]
  package let states: UnitStates?
  package let gradients: Gradients?
  /// Why there are no gradients, if they were asked for.
  package let gradientsMissing: String?
  package let seconds: Double
}
