/// The texts in a safetensors file's `__metadata__`: a dictionary whose keys are compared byte for
/// byte.
///
/// A plain `[String: String]` would merge canonically equivalent keys. Keys iterate, and are
/// written, in the order of their UTF-8 bytes.
///
/// ```swift
/// import ModelFiles
///
/// var metadata: SafetensorsMetadata = ["format": "pt"]
/// metadata["model"] = json
/// ```
public struct SafetensorsMetadata: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private var values: [ExactString: ExactString] = [:]

  /// An empty dictionary.
  public init() {}

  /// - Precondition: keys are distinct.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (key, value) in elements {
      precondition(self[key] == nil, "the key \(key) comes twice")
      self[key] = value
    }
  }

  /// The text under `key`, or nil.
  public subscript(key: String) -> String? {
    get { values[ExactString(key)]?.text }
    set { values[ExactString(key)] = newValue.map(ExactString.init) }
  }

  /// The keys, in the order of their UTF-8 bytes.
  public var keys: [String] { values.keys.sorted().map(\.text) }

  /// The number of keys.
  public var count: Int { values.count }

  /// The metadata without the keys for which `isExcluded` holds.
  func removing(where isExcluded: (String) -> Bool) -> SafetensorsMetadata {
    var rest = self
    rest.values = values.filter { !isExcluded($0.key.text) }
    return rest
  }
}
