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

  /// - Parameter output: the path of the model file.
  package init(run: TrainingRun, result: TrainingResult, output: String) {
    self.run = run
    self.result = result
    self.output = output
  }

  /// The sentences, in order.
  /// - Parameter sample: a text that the model wrote; nil for none.
  package func lines(sample: String?) -> [String] {
    let lines = [progress, decline, gain, comparison].compactMap { $0 }
    guard let sample else { return lines }
    let text = sample.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    \($0)" }.joined(separator: "\n")
    return lines + [
      "It writes:\n\(text)",
      "Next: charlm generate \(shellQuoted(output))",
    ]
  }

  private var best: Double? { result.model.training.validationNatsPerToken }

  // MARK: Sentences

  private static let fewSteps = 20

  /// Warns if the model cannot have learned anything.
  private var progress: String? {
    let uniform = log(Double(max(2, run.vocabularySize - 1)))
    if let best, best > uniform {
      return "This is worse than guessing each character with equal chances, "
        + "\(uniform.fixed(4)): the training diverged. Try a lower --learning-rate."
    }
    guard case .minutes = run.plan.configuration.budget.unit, result.stepCount < Self.fewSteps
    else { return nil }
    return "Only \(result.stepCount) step\(result.stepCount == 1 ? "" : "s") fitted into the time, "
      + "so hardly anything was learned: give more --minutes, or smaller sizes."
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
    return "The model had \(origin.fixed(4)) before this training: \(gained.fixed(4)) were gained"
      + (gained < Self.littleGain ? ", which is hardly worth it." : ".")
  }

  private static let littleGain = 0.002

  // MARK: N-gram models

  private static let maximumOrder = 6
  private static let mostTokens = 2_000_000
  /// Counting takes a second or two; a shorter run does not wait for it.
  private static let leastSeconds = 20.0

  /// The validation beside the n-gram models of the same text.
  private var comparison: String? {
    guard let best, result.seconds >= Self.leastSeconds,
      run.plan.trainingTokens <= Self.mostTokens
    else { return nil }
    let orders = ngramNatsPerToken
    let leader = orders.indices.min { orders[$0] < orders[$1] }!
    func model(_ order: Int) -> String { "\(order + 1)-gram model (\(orders[order].fixed(4)))" }
    if best < orders[leader] {
      return "Models that only count do worse: the best of them is a \(model(leader))."
    }
    let better = orders.firstIndex { $0 <= best }!
    return better == 0
      ? "A model that only counts characters does better: a \(model(0))."
      : "That is between a \(model(better - 1)) and a \(model(better)) of the same text."
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
