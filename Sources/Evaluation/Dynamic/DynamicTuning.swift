import Kernels
import ModelFiles
import Tokenization

/// Searches for the best rate and decay of dynamic evaluation on a tuning text, which must not be
/// the text whose score is reported.
///
/// From its initial value, each setting is multiplied or divided by a factor as long as the
/// beginning of the text gets a noticeably better score: first the rate by 2, then the decay by 4,
/// then the rate by the square root of 2.
public struct DynamicTuning {
  /// The score of one pair of settings.
  public struct Trial: Sendable, Equatable {
    /// The pair.
    public var settings: DynamicSettings
    /// The mean nats per token of the text that was tried, with the weights adapting.
    public var natsPerToken: Double
  }

  private let model: TextModel
  private let statistics: GradientStatistics
  private let processor: Processor
  private let tokens: [TokenID]
  /// All trials so far, in order.
  public private(set) var trials: [Trial] = []

  /// The number of tokens scored in each trial.
  private static let tokenCount = 30_000
  /// The maximum number of steps in one direction; together they change the rate by a factor of
  /// 1,024, the decay by more.
  private static let stepLimit = 10
  /// Nats per token; a step that gains less is the last one in its direction.
  private static let leastGain = 0.0002

  /// - Throws: `EvaluationError.emptyText`, `TokenizationError.invalidUTF8` or `StorageError`.
  public init(
    _ model: TextModel, on source: TextSource, statistics: GradientStatistics,
    invalidUTF8: InvalidUTF8Policy = .error, processor: Processor
  ) throws {
    self.model = model
    self.statistics = statistics
    self.processor = processor
    tokens = try model.tokenizer.firstTokens(
      Self.tokenCount, of: source, invalidUTF8: invalidUTF8)
  }

  /// The best settings found.
  /// - Parameters:
  ///   - settings: the initial settings.
  ///   - changesRate: whether the rate is searched for.
  ///   - changesDecay: whether the decay is searched for.
  ///   - report: receives each trial; an error that it throws ends the search.
  public mutating func search(
    from settings: DynamicSettings, changesRate: Bool = true, changesDecay: Bool = true,
    report: (Trial) throws -> Void = { _ in }
  ) throws -> DynamicSettings {
    var best = try attempt(settings, report)
    if changesRate { best = try climb(from: best, \.learningRate, by: 2, report) }
    if changesDecay { best = try climb(from: best, \.decay, by: 4, report) }
    if changesRate && changesDecay {
      best = try climb(from: best, \.learningRate, by: 2.0.squareRoot(), report)
    }
    return best.settings
  }

  private mutating func climb(
    from start: Trial, _ setting: WritableKeyPath<DynamicSettings, Double>, by factor: Double,
    _ report: (Trial) throws -> Void
  ) throws -> Trial {
    var best = start
    for factor in [factor, 1 / factor] {
      for _ in 0..<Self.stepLimit {
        var settings = best.settings
        settings[keyPath: setting] *= factor
        let trial = try attempt(settings, report)
        let gain = best.natsPerToken - trial.natsPerToken
        if gain > 0 { best = trial }
        guard gain >= Self.leastGain else { break }
      }
      if best.settings != start.settings { break }
    }
    return best
  }

  private mutating func attempt(
    _ settings: DynamicSettings, _ report: (Trial) throws -> Void
  ) throws -> Trial {
    var network = DynamicModel(
      model.weights, statistics: statistics, settings: settings, processor: processor)
    var nats: [Double] = []
    tokens.withUnsafeBufferPointer { network.append($0, nats: &nats) }
    network.endText(nats: &nats)
    let mean = nats.reduce(0, +) / Double(tokens.count)
    let trial = Trial(settings: settings, natsPerToken: mean.isFinite ? mean : .infinity)
    trials.append(trial)
    try report(trial)
    return trial
  }
}
