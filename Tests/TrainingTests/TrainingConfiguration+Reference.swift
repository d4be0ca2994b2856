import Foundation
import ModelFiles

extension TrainingConfiguration {
  /// The settings of a PyTorch run, by their names in a model file. Settings that it does not name
  /// are off, clipping included.
  init(reference settings: [String: Any]) throws {
    var configuration = TrainingConfiguration()
    configuration.clipNorm = nil
    configuration.schedule = .constant
    configuration.warmupSteps = 0
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let defaults =
      try JSONSerialization.jsonObject(with: encoder.encode(configuration)) as! [String: Any]
    let merged = defaults.merging(settings) { _, setting in setting }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(
      TrainingConfiguration.self, from: JSONSerialization.data(withJSONObject: merged))
  }
}
