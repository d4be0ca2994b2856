import Evaluation

/// The figures of an evaluated text, under the names of `charlm evaluate --json`.
package struct TextScore: Sendable {
  /// A character of the text, or another unit of the model.
  package struct Unit: Sendable, Encodable {
    package struct Candidate: Sendable, Encodable {
      package let text: String
      package let probability: Double
    }

    package let text: String
    package let bits: Double
    package let unknown: Bool
    package let candidates: [Candidate]
  }

  package let model: String
  package let result: EvaluationResult
  package let seconds: Double
  /// nil if they were not asked for.
  package let units: [Unit]?
}

extension TextScore: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    func key(_ name: String) -> Key { Key(stringValue: name) }
    try container.encode(model, forKey: key("model"))
    for (name, value) in result.figures {
      if let value {
        try value.encode(to: container.superEncoder(forKey: key(name)))
      } else {
        try container.encodeNil(forKey: key(name))
      }
    }
    try container.encode(seconds, forKey: key("seconds"))
    try container.encodeIfPresent(units, forKey: key("units"))
  }
}
