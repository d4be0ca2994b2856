import Kernels
import ModelFiles
import Tokenization

extension Inspect {
  /// The digits of a digest that a table shows; all of them are shown for a single model.
  private static let digestDigits = 12

  /// Several models, a row each.
  func table(_ archives: [SafetensorsArchive], processor: Processor) throws -> String {
    let headings = [
      "model", "cell", "layers", "parameters", "steps", "seed", "validation nats", "weights",
    ]
    return try TextTable.columns(
      [headings] + archives.map { try row($0, processor: processor) })
  }

  private func row(_ archive: SafetensorsArchive, processor: Processor) throws -> [String] {
    let model = try TextModel(archive, processor: processor)
    let network = model.weights.configuration
    let training = model.training
    return [
      visible(archive.name, keepingSpaces: true),
      network.cell.rawValue, "\(network.layerCount) x \(network.hiddenSize)",
      model.weights.parameters.count.grouped, training.steps.grouped,
      "\(training.configuration.seed)",
      training.validationNatsPerToken?.fixed(4) ?? "none",
      String(try archive.tensorDigest().hex.prefix(Self.digestDigits)),
    ]
  }
}
