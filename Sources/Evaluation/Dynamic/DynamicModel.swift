import Kernels
import RecurrentNetwork
import Tokenization

/// A network whose weights follow the text that it reads: dynamic evaluation (Krause, Kahembwe, Murray & Renals
/// 2018, "Dynamic evaluation of neural sequence models").
///
/// The text is cut into segments of N tokens. Each is scored with the weights as the segments before it have
/// left them, and only then changes them: by its mean gradient g, with r the root of the mean square that each
/// weight's gradient has as a rule (`GradientStatistics`),
///
/// ```
/// w += min(decay r / mean r, 1) (trained w - w) - rate g / (r + mean r)
/// ```
///
/// So no token's score depends on the token itself or on anything behind it. The paper's epsilon is the roots'
/// mean here, so that rates mean the same for models whose gradients differ in size.
struct DynamicModel: ~Copyable, ScoringModel {
  private let trained: NetworkWeights
  private let statistics: GradientStatistics
  private let settings: DynamicSettings
  private let processor: Processor
  private var parameters: ParameterBuffer
  private var gradients: ParameterBuffer
  private var pass: BackpropagationThroughTime
  /// The token before the segment, and those of it that are there.
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

  /// The weights as they are now.
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

  /// Reads on, and appends to `nats` -log p of the tokens whose segments are full.
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
    // Without any gradient there is nothing to adapt, but nothing to divide by either.
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
