import Kernels
import ModelFiles
import Tokenization

extension Inspect {
  /// Several models, a row each.
  func table(_ archives: [SafetensorsArchive], processor: Processor) throws -> String {
    let headings = [
      "model", "cell", "layers", "parameters", "steps", "seed", "validation nats", "weights",
      "text",
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
      try shortened(archive.tensorDigest().hex),
      text(training.sources),
    ]
  }

  /// The names of the texts in few words.
  private func text(_ sources: TrainingSources?) -> String {
    guard let sources, let first = sources.texts.first else { return "not recorded" }
    return visible(first.name, keepingSpaces: true)
      + (sources.textCount > 1 ? " and \((sources.textCount - 1).grouped) more" : "")
      + (sources.base.map { ", from \(visible($0.name, keepingSpaces: true))" } ?? "")
  }
}
