/// How the weights of a finished network are stored for its products.
public enum WeightPrecision: String, CaseIterable, Sendable {
  case float32
  /// Whole numbers from -127 to 127 with a scale for each row of a weight: a quarter of the memory to read.
  case int8
}
