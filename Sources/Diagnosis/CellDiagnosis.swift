import Kernels
import RecurrentNetwork
import Tokenization

/// What the units of a model's layers follow in a text.
package struct CellDiagnosis {
  /// A unit's state, by the letter of the vector, and its correlation with a feature.
  package struct Match {
    package let unit: Int
    package let vector: TracedVector
    package let correlation: Double
  }

  /// One layer: the correlations of each state vector.
  package struct Layer {
    package let index: Int
    package let correlations: [(vector: TracedVector, correlations: UnitCorrelations)]

    package var unitCount: Int { correlations[0].correlations.unitCount }

    package func mean(of feature: TextFeature) -> Double {
      correlations[0].correlations.mean(ofFeature: feature.position)
    }

    /// The units by the magnitude of their correlation with a feature, each by its better vector.
    package func matches(with feature: TextFeature) -> [Match] {
      (0..<unitCount).compactMap { match(unit: $0, feature: feature) }
        .sorted { ($1.correlation.magnitude, $0.unit) < ($0.correlation.magnitude, $1.unit) }
    }

    /// The feature that a unit follows most closely; nil if nothing varies.
    package func best(ofUnit unit: Int) -> (feature: TextFeature, match: Match)? {
      TextFeature.allCases.compactMap { feature in
        match(unit: unit, feature: feature).map { (feature, $0) }
      }.max { $0.1.correlation.magnitude < $1.1.correlation.magnitude }
    }

    /// The best two units of each feature, with all features that each was chosen for.
    package var outstandingUnits: [Int: [(feature: TextFeature, match: Match)]] {
      var units: [Int: [(feature: TextFeature, match: Match)]] = [:]
      for feature in TextFeature.allCases {
        for match in matches(with: feature).prefix(2) {
          units[match.unit, default: []].append((feature, match))
        }
      }
      return units
    }

    /// What each of `units` follows, the closest feature first.
    package func follows(_ units: [Int]) -> [[CellUnit.Match]] {
      let outstanding = outstandingUnits
      return units.map { unit in
        guard let best = best(ofUnit: unit) else { return [] }
        let others = (outstanding[unit] ?? []).filter { $0.feature != best.feature }
          .sorted { $1.match.correlation.magnitude < $0.match.correlation.magnitude }
        return ([best] + others).map {
          ($0.feature, $0.match.vector.rawValue, $0.match.correlation)
        }
      }
    }

    private func match(unit: Int, feature: TextFeature) -> Match? {
      correlations.compactMap { vector, correlations in
        correlations.correlation(unit: unit, feature: feature.position).map {
          Match(unit: unit, vector: vector, correlation: $0)
        }
      }.max { $0.correlation.magnitude < $1.correlation.magnitude }
    }
  }

  package let text: TracedText
  package let network: NetworkConfiguration
  package private(set) var layers: [Layer] = []
  private let weights: NetworkWeights
  private let processor: Processor

  /// Correlates the units of `layers`.
  package init(
    _ text: TracedText, weights: NetworkWeights, layers indices: Range<Int>, processor: Processor
  ) {
    self.text = text
    self.weights = weights
    self.processor = processor
    network = weights.configuration
    let vectors = network.cell.stateVectors
    var sums = indices.map { _ in
      vectors.map { _ in
        UnitCorrelations(
          unitCount: network.hiddenSize, featureCount: TextFeature.allCases.count)
      }
    }
    var reader = TextFeatureReader()
    forEachCharacter { character, step in
      let features = reader.append(character)
      for (position, layer) in indices.enumerated() {
        for (vector, name) in vectors.enumerated() {
          sums[position][vector].add(step.values(of: name, layer: layer), features: features)
        }
      }
    }
    layers = zip(indices, sums).map { index, sums in
      Layer(index: index, correlations: Array(zip(vectors, sums)))
    }
  }

  /// The numbers of some units of a layer.
  /// - Parameter vectors: vectors of the cell; nil for all.
  /// - Throws: `DiagnosisError.noStates`.
  package func trace(
    of layer: Layer, units: [Int], vectors: [TracedVector]? = nil, networkName: String
  ) throws -> CellTrace {
    let vectors = vectors ?? network.cell.tracedVectors
    var characters: [String] = []
    var traced = zip(units, layer.follows(units)).map { unit, follows in
      CellUnit(index: unit, follows: follows, values: vectors.map { _ in [] })
    }
    forEachCharacter { character, step in
      characters.append(character)
      for (vector, name) in vectors.enumerated() {
        let values = step.values(of: name, layer: layer.index)
        for (position, unit) in units.enumerated() {
          traced[position].values[vector].append(values[unit])
        }
      }
    }
    guard traced.allSatisfy({ $0.values.allSatisfy { $0.allSatisfy(\.isFinite) } }) else {
      throw DiagnosisError.noStates(network: networkName)
    }
    let kinds = vectors.map { (letter: $0.rawValue, isGate: isGate($0)) }
    return CellTrace(characters: characters, vectors: kinds, units: traced)
  }

  /// Whether a vector is in 0...1. The candidates g and n are in -1...1, as a state is.
  private func isGate(_ vector: TracedVector) -> Bool {
    ![.inputCandidate, .stateCandidate].contains(vector)
      && !network.cell.stateVectors.contains(vector)
  }

  /// Reads the text from its beginning and visits what each character leaves in the network.
  private func forEachCharacter(_ visit: (String, TracedStep) -> Void) {
    var trace = StateTrace(weights: weights, processor: processor)
    var state = RecurrentState(network)
    trace.read([Vocabulary.endOfText], state: &state) { _, _ in }
    trace.read(text.tokens, state: &state) { position, step in
      if let character = text.characters[position] { visit(character, step) }
    }
  }
}

extension TextFeature {
  /// The index among all features.
  package var position: Int { Self.allCases.firstIndex(of: self)! }
}
