import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization
import Training

extension Inspect {
  private static let headings = [
    "model", "cell", "layers", "parameters", "steps", "seed", "validation nats", "weights", "text",
  ]

  /// Several models or checkpoints, a row each.
  func table(_ rows: [[String]]) -> String { TextTable.columns([Self.headings] + rows) }

  func row(_ archive: SafetensorsArchive, processor: Processor) throws -> [String] {
    guard !archive.isCheckpoint else { return try checkpointRow(archive) }
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

  /// The best model so far of the run that a checkpoint is of.
  private func checkpointRow(_ archive: SafetensorsArchive) throws -> [String] {
    let checkpoint = try TrainingCheckpoint(archive)
    let network = checkpoint.network
    return [
      visible(archive.name, keepingSpaces: true),
      network.cell.rawValue, "\(network.layerCount) x \(network.hiddenSize)",
      ParameterLayout(network).count.grouped, checkpoint.stepCount.grouped,
      "\(checkpoint.configuration.seed)",
      checkpoint.bestTraining?.validationNatsPerToken?.fixed(4) ?? "none", "checkpoint",
      text(checkpoint.sources),
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
