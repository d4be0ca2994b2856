import Evaluation
import Generation
import Glibc
import ModelFiles
import RecurrentNetwork
import Tokenization
import Training

/// The last words of a run to a person: what came of it, what the figure means, and what to do
/// next.
package struct TrainingConclusion {
  private let run: TrainingRun
  private let result: TrainingResult
  private let output: String
  private let hasGivenSizes: Bool

  /// - Parameters:
  ///   - output: the path of the model file.
  ///   - hasGivenSizes: whether the user gave sizes of the network or of a batch.
  package init(
    run: TrainingRun, result: TrainingResult, output: String, hasGivenSizes: Bool = false
  ) {
    self.run = run
    self.result = result
    self.output = output
    self.hasGivenSizes = hasGivenSizes
  }

  /// The sentences, in order.
  /// - Parameter sample: a text that the model wrote; nil for none.
  package func lines(sample: String?) -> [String] {
    let lines = [progress, decline, gain, comparison].compactMap { $0 }
    guard let sample else { return lines }
    return lines + [
      "It writes:\n\(indented(sample))",
      "Next: charlm generate \(shellQuoted(output))",
    ]
  }

  private var best: Double? { result.model.training.validationNatsPerToken }

  // MARK: Sentences

  private static let fewSteps = 20
  /// Losses above the first one by more nats are no noise.
  private static let leastRise = 0.1

  /// Warns if the model cannot have learned anything.
  private var progress: String? {
    let uniform = log(Double(max(2, run.vocabularySize - 1)))
    let guessing = "guessing each \(unit) with equal chances, \(uniform.fixed(4))"
    if let best, best > uniform {
      if best > max(uniform, result.firstNatsPerToken ?? uniform) + Self.leastRise {
        return "This is worse than \(guessing), and the loss rose: the training diverged. "
          + "Try a lower --learning-rate."
      }
      if result.stepCount >= Self.fewSteps {
        return "This is no better than \(guessing), so hardly anything was learned: \(more), "
          + "or a higher --learning-rate."
      }
    }
    guard result.stepCount < Self.fewSteps, result.originNatsPerToken == nil else { return nil }
    let steps = "\(result.stepCount) step\(result.stepCount == 1 ? "" : "s")"
    let isTimed = run.plan.configuration.budget.unit == .minutes
    return "Only \(steps) \(isTimed ? "fitted into the time" : "of training"), "
      + "so hardly anything was learned: \(more)."
  }

  private var more: String {
    switch run.plan.configuration.budget.unit {
    case .minutes: "give more --minutes" + (hasGivenSizes ? ", or smaller sizes" : "")
    case .steps: "give more --max-steps"
    case .epochs: "give more --epochs"
    }
  }

  private var unit: String {
    result.model.tokenizer.configuration.unit == .byte ? "byte" : "character"
  }

  /// Losses above the best by this factor are worse and not noise.
  private static let declineFactor = 1.002

  private var decline: String? {
    let bestStep = result.model.training.steps
    guard let best, let last = result.lastNatsPerToken, 1..<result.stepCount ~= bestStep,
      last > Self.declineFactor * best
    else { return nil }
    return "After step \(bestStep.grouped) no validation was better, and the last one was "
      + "\(last.fixed(4)), usually because the network memorizes the text. The weights of that "
      + "step "
      + "were saved; more dropout may help, and --minutes alone chooses it."
  }

  private var gain: String? {
    guard let origin = result.originNatsPerToken, let best else { return nil }
    let gained = origin - best
    guard gained > 0 else {
      return "The model had \(origin.fixed(4)) before this training, and nothing was better: "
        + "its own weights were saved."
    }
    return
      "The model had \(origin.fixed(4)) before this training and is now \(gained.fixed(4)) nats per \(unit) "
      + "better"
      + (gained < Self.littleGain ? ", which is hardly worth it." : ".")
  }

  private static let littleGain = 0.002

  // MARK: N-gram models

  private static let maximumOrder = 6
  private static let mostTokens = 2_000_000
  private static let countedTokensPerSecond = 1e6
  private static let (leastWait, waitShare) = (0.5, 0.1)

  /// Whether counting takes a moment only, or a small part of the time of the run.
  package static func canCount(tokens: Int, afterSeconds seconds: Double) -> Bool {
    tokens <= mostTokens
      && Double(tokens) / countedTokensPerSecond <= max(leastWait, waitShare * seconds)
  }

  /// What the figure means, beside the n-gram models of the same text if they can be counted.
  private var comparison: String? {
    guard let best, progress == nil else { return nil }
    let meaning = "In nats per \(unit), lower is better."
    guard Self.canCount(tokens: run.plan.trainingTokens, afterSeconds: result.seconds) else {
      return meaning
    }
    let orders = ngramNatsPerToken
    func counting(_ index: Int) -> String {
      index == 0
        ? "counts single \(unit)s (\(orders[0].fixed(4)))"
        : "counts groups of \(index + 1) \(unit)s, a \(index + 1)-gram model "
          + "(\(orders[index].fixed(4)))"
    }
    let leader = orders.indices.min { orders[$0] < orders[$1] }!
    guard let better = orders.firstIndex(where: { $0 <= best }) else {
      return "\(meaning) Tables that only count do worse; the best of them \(counting(leader))."
    }
    // Nothing is better for longer training if it has already become worse.
    return "\(meaning) A table that \(counting(better)) still does better"
      + (better == 0 ? "" : "; one that \(counting(better - 1)) does worse")
      + (decline == nil && !endedEarly ? ": train longer (\(longer))." : ".")
  }

  /// Whether passes ended the run before its time.
  private var endedEarly: Bool {
    run.plan.configuration.budget.unit == .minutes && result.reason == .epochs
  }

  /// Twice the budget.
  private var longer: String {
    let budget = run.plan.configuration.budget
    let amount = 2 * budget.amount
    let text = amount == amount.rounded() ? amount.fixed(0) : amount.significant
    switch budget.unit {
    case .minutes: return "--minutes \(text)"
    case .steps: return "--max-steps \(text)"
    case .epochs: return "--epochs \(text)"
    }
  }

  /// By order, from 1.
  package var ngramNatsPerToken: [Double] {
    let tokenizer = run.tokenizer
    var counts = NGramCounts(
      maximumOrder: Self.maximumOrder, documents: tokenizer.configuration.documents)
    counts.append([Vocabulary.endOfText])
    run.forEachTrainingChunk { counts.append($0) }
    let model = NGramModel(counts, alphabetSize: tokenizer.alphabetSize)
    var nats = [Double](repeating: 0, count: Self.maximumOrder)
    var context = model.emptyContext
    var probabilities: [Double] = []
    var count = 0
    model.advance(Vocabulary.endOfText, &context, probabilities: &probabilities)
    run.forEachValidationChunk { tokens in
      for token in tokens {
        count += 1
        model.advance(token, &context, probabilities: &probabilities)
        let more = token == Vocabulary.unknown ? run.validationNatsPerUnknown : 0
        guard token != Vocabulary.endOfText || model.countsEndOfText else { continue }
        for order in nats.indices { nats[order] += more - log(probabilities[order]) }
      }
    }
    return nats.map { $0 / Double(max(1, count)) }
  }
}
