import Kernels
import RecurrentNetwork
import Tokenization

/// A network whose weights adapt to the text that it reads: dynamic evaluation (Krause, Kahembwe,
/// Murray & Renals 2018, "Dynamic evaluation of neural sequence models").
///
/// The text is split into segments of N tokens. Each segment is scored with the weights that the
/// segments before it left, and only then updates them. With its mean gradient g and the root mean
/// square r of each weight's gradient (`GradientStatistics`),
///
/// ```
/// w += min(decay r / mean r, 1) (trained w - w) - rate g / (r + mean r)
/// ```
///
/// So the prediction of a token depends neither on the token itself nor on anything after it. The
/// paper's epsilon is the mean of all r here, so that rates mean the same for models whose
/// gradients differ in size.
struct DynamicModel: ~Copyable, ScoringModel {
  private let trained: NetworkWeights
  private let statistics: GradientStatistics
  private let settings: DynamicSettings
  private let processor: Processor
  private var parameters: ParameterBuffer
  private var gradients: ParameterBuffer
  private var pass: BackpropagationThroughTime
  /// The token before the segment, and the tokens of the segment so far.
  private var tokens = [Vocabulary.endOfText]

  init(
    _ weights: NetworkWeights, statistics: GradientStatistics, settings: DynamicSettings,
    processor: Processor
  ) {
    precondition(statistics.segmentLength == settings.segmentLength)
    trained = weights
    self.statistics = statistics
    self.settings = settings
    self.processor = processor
    parameters = ParameterBuffer(copying: weights.parameters)
    gradients = ParameterBuffer(layout: weights.parameters.layout)
    pass = BackpropagationThroughTime(
      configuration: weights.configuration, batchSize: 1, windowLength: settings.segmentLength,
      dropout: .none, processor: processor)
  }

  /// The current weights.
  func weights() -> NetworkWeights {
    NetworkWeights(
      configuration: trained.configuration, parameters: ParameterBuffer(copying: parameters),
      processor: processor)
  }

  /// Begins another text, with the trained weights.
  mutating func beginText(visitsLogits: Bool) {
    parameters.start.update(from: trained.parameters.start, count: parameters.count)
    pass.resetState()
    tokens = [Vocabulary.endOfText]
  }

  /// Reads tokens, and appends to `nats` -log p of those whose segments are complete.
  mutating func append(
    _ newTokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void = { _ in }
  ) {
    for token in newTokens {
      tokens.append(token)
      if tokens.count > settings.segmentLength { finishSegment(nats: &nats, visit) }
    }
  }

  /// Appends the nats of the last, shorter segment.
  mutating func endText(
    nats: inout [Double], visitingLogits visit: (MatrixView) -> Void = { _ in }
  ) {
    if tokens.count > 1 { finishSegment(nats: &nats, visit) }
  }

  static func notFinite(name: String) -> EvaluationError { .adaptationDiverged(name: name) }

  private mutating func finishSegment(nats: inout [Double], _ visit: (MatrixView) -> Void) {
    let stepCount = tokens.count - 1
    gradients.clear(processor: processor)
    tokens.withUnsafeBufferPointer { tokens in
      _ = pass.accumulateGradients(
        inputs: tokens.baseAddress!, targets: tokens.baseAddress! + 1, stepCount: stepCount,
        parameters: parameters, into: &gradients, dropoutStream: RandomStream(seed: 0),
        visitingLogits: visit)
    }
    nats.append(contentsOf: UnsafeBufferPointer(start: pass.tokenNats, count: stepCount))
    pass.carryState(stepCount: stepCount)
    adapt()
    tokens = [tokens[stepCount]]
  }

  private mutating func adapt() {
    // If all gradients are 0 nothing adapts, and the division by the mean must not give NaN.
    let mean = statistics.mean > 0 ? statistics.mean : 1
    let (kernels, rate, decay) = (processor.kernels, settings.learningRate, settings.decay / mean)
    let (start, gradients) = (parameters.start, UnsafePointer(gradients.start))
    let (origin, roots) = (trained.parameters.start, statistics.roots.start)
    processor.team.forEachRange(of: parameters.count, grain: 64) { range, _ in
      kernels.adapt(
        start, range: range, gradients: gradients, trained: origin, roots: roots,
        learningRate: rate, epsilon: mean, decay: decay)
    }
  }
}
