import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// The title of a chart of one training run: its model file, network and settings.
struct RunTitle {
  /// The path of the model file.
  let model: String
  /// The network and settings, once they are known.
  private var settings: String?

  init(model: String) {
    self.model = model
  }

  mutating func describe(_ network: NetworkConfiguration, _ training: TrainingConfiguration) {
    var parts = ["\(network.cell.rawValue) \(network.layerCount) x \(network.hiddenSize)"]
    if training.dropout > 0 { parts.append("dropout \(training.dropout)") }
    settings = (parts + ["seed \(training.seed)"]).joined(separator: ", ")
  }

  var text: String {
    let name = visible(String(lastComponent(of: model)), keepingSpaces: true)
    return name + (settings.map { ": \($0)" } ?? "")
  }
}
