import ModelFiles
import RecurrentNetwork
import Training

extension TrainingRecipe {
  /// The choices and their reasons, for people.
  /// - Parameters:
  ///   - settled: the settings of the run, among them those that were given.
  ///   - givesDropout: whether the dropout was given, which may be what the recipe chooses.
  ///   - base: the path of the model that is trained further, whose network it is.
  package func lines(
    settled: TrainingConfiguration, givesDropout: Bool = false, base: String? = nil
  ) -> [String] {
    [networkLine(base), timeLine(settled), dropoutLine(settled, isGiven: givesDropout)]
      + [earlyEndLine, adviceLine].compactMap { $0 }
  }

  private var earlyEndLine: String? {
    guard seconds < task.seconds, minutes(seconds) != minutes(task.seconds) else { return nil }
    return "The run ends after about \(minutes(seconds)): further passes over so short a text "
      + "would only memorize it."
  }

  /// What would make the model better.
  private var adviceLine: String? {
    if seconds < task.seconds {
      return "More text would make the model better, more time would not."
    }
    if let larger {
      return "With about \(minutes(larger.seconds)) a network of \(larger.hiddenSize) units would "
        + "be better."
    }
    return sizeLimit == .text ? "More text would make the model better." : nil
  }

  private func minutes(_ seconds: Double) -> String {
    if seconds < 59.5 { return "\(seconds.fixed(0)) seconds" }
    let minutes = seconds / 60
    return minutes < 9.5 ? "\(minutes.fixed(1)) minutes" : "\(minutes.fixed(0)) minutes"
  }

  private func networkLine(_ base: String?) -> String {
    let layers = network.layerCount == 1 ? "1 layer" : "\(network.layerCount) layers"
    let why =
      switch sizeLimit {
      case .given: base.map { "as in '\($0)'" } ?? "as given"
      case .time: "the largest that can be trained well in this time"
      case .text: "more would memorize a text of \(task.trainingTokens.grouped) tokens"
      case .sizes: "the largest size chosen automatically"
      }
    return "Network: \(network.cell.rawValue), \(layers) of \(network.hiddenSize) units, "
      + "\(ParameterLayout(network).count.grouped) weights: \(why)."
  }

  private func timeLine(_ settled: TrainingConfiguration) -> String {
    let course =
      settled.schedule == .cosine
      ? "falling as a cosine to the end" : "with the schedule \(settled.schedule.rawValue)"
    return "Time: about \(Int(tokensPerSecond).grouped) tokens a second on this machine, "
      + "\(epochs.fixed(1)) passes over the text, batches of \(configuration.batchSize) lanes x "
      + "\(configuration.windowLength), learning rate \(plain(settled.learningRate)) \(course)."
  }

  private func dropoutLine(_ settled: TrainingConfiguration, isGiven: Bool) -> String {
    let (dropout, recurrent) = (settled.dropout, settled.recurrentDropout)
    if isGiven { return "Dropout: \(plain(dropout)), as given." }
    let share =
      "Dropout: \(dropout.fixed(2))"
      + (recurrent > 0 ? ", and \(recurrent.fixed(2)) of the recurrent weights" : "")
    return switch dropout {
    case 0: "Dropout: none, because a text that is read so few times is not memorized."
    case ...Self.littleDropout:
      "\(share): a little, because a text that is read so few times is hardly memorized."
    default: "\(share), so that a text that is read so often is not memorized."
    }
  }

  /// Up to this rate, dropout has little effect.
  private static let littleDropout = 0.1
}
