import RecurrentNetwork
import Training

extension TrainingRecipe {
  /// What was chosen and why, for people.
  var lines: [String] { [networkLine, timeLine, dropoutLine] }

  private var networkLine: String {
    let layers = network.layerCount == 1 ? "a layer" : "\(network.layerCount) layers"
    let why =
      switch sizeLimit {
      case .given: "as given"
      case .time: "the largest that this time trains well"
      case .text: "more would learn a text of \(task.trainingTokens.grouped) tokens by heart"
      case .sizes: "the largest that is chosen unless it is given"
      }
    return "Network: \(network.cell.rawValue), \(layers) of \(network.hiddenSize) units, "
      + "\(ParameterLayout(network).count.grouped) weights: \(why)."
  }

  private var timeLine: String {
    "Time: about \(Int(tokensPerSecond).grouped) tokens a second on this machine, "
      + "\(epochs.fixed(1)) passes over the text, batches of \(configuration.batchSize) lanes x "
      + "\(configuration.windowLength), learning rate \(plain(configuration.learningRate)) falling as a "
      + "cosine until the end."
  }

  private var dropoutLine: String {
    guard configuration.dropout > 0 else {
      return "Dropout: none, for a text that is read so few times is not learnt by heart."
    }
    return
      "Dropout: \(configuration.dropout.fixed(2)), so that a text that is read so often is not learnt by heart."
  }
}
