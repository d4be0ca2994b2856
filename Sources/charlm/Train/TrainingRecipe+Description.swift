import ModelFiles
import RecurrentNetwork
import Training

extension TrainingRecipe {
  /// What was chosen and why, for people.
  /// - Parameter settled: the settings of the run, of which some may have been given.
  package func lines(settled: TrainingConfiguration) -> [String] {
    [networkLine, timeLine(settled), dropoutLine(settled)]
  }

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

  private func timeLine(_ settled: TrainingConfiguration) -> String {
    let course =
      settled.schedule == .cosine
      ? "falling as a cosine until the end" : "with the schedule \(settled.schedule.rawValue)"
    return "Time: about \(Int(tokensPerSecond).grouped) tokens a second on this machine, "
      + "\(epochs.fixed(1)) passes over the text, batches of \(configuration.batchSize) lanes x "
      + "\(configuration.windowLength), learning rate \(plain(settled.learningRate)) \(course)."
  }

  private func dropoutLine(_ settled: TrainingConfiguration) -> String {
    let (dropout, recurrent) = (settled.dropout, settled.recurrentDropout)
    if dropout != configuration.dropout { return "Dropout: \(plain(dropout)), as given." }
    let share =
      "Dropout: \(dropout.fixed(2))"
      + (recurrent > 0 ? ", and \(recurrent.fixed(2)) of the recurrent weights" : "")
    return switch dropout {
    case 0: "Dropout: none, for a text that is read so few times is not learned by heart."
    case ..<Self.littleDropout:
      "\(share): a little, for a text that is read so few times is hardly learned by heart."
    default: "\(share), so that a text that is read so often is not learned by heart."
    }
  }

  /// Below it dropout is hardly felt.
  private static let littleDropout = 0.1
}
