import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// The usual size of each weight's gradient: the root mean square over segments of a text, which
/// must not be the text that is scored.
///
/// Krause et al. (2018) use the training text. A model file does not contain it, so without another
/// text one is sampled from the model: the mean squares then estimate the diagonal of the Fisher
/// information.
public final class GradientStatistics: Sendable {
  /// The root mean square of the gradient of each parameter.
  let roots: ParameterBuffer
  /// The mean of `roots`.
  let mean: Double
  /// The tokens of each segment.
  public let segmentLength: Int

  /// The number of tokens used: of a text, its first ones.
  static let tokenCount = 20_000

  /// The statistics of `tokens`, at least one.
  init(
    of tokens: [TokenID], weights: NetworkWeights, segmentLength: Int, processor: Processor
  ) {
    let layout = weights.parameters.layout
    let squares = ParameterBuffer(layout: layout)
    var gradients = ParameterBuffer(layout: layout)
    var pass = BackpropagationThroughTime(
      configuration: weights.configuration, batchSize: 1, windowLength: segmentLength,
      dropout: .none, processor: processor)
    let inputs = [Vocabulary.endOfText] + tokens
    var segmentCount = 0
    for first in stride(from: 0, to: tokens.count, by: segmentLength) {
      let stepCount = min(segmentLength, tokens.count - first)
      gradients.clear(processor: processor)
      inputs.withUnsafeBufferPointer { inputs in
        let start = inputs.baseAddress! + first
        _ = pass.accumulateGradients(
          inputs: start, targets: start + 1, stepCount: stepCount, parameters: weights.parameters,
          into: &gradients, dropoutStream: RandomStream(seed: 0))
      }
      pass.carryState(stepCount: stepCount)
      Self.addSquares(of: gradients, to: squares, processor)
      segmentCount += 1
    }
    var sum = 0.0
    for index in 0..<squares.count {
      let root = (squares.start[index] / Float(segmentCount)).squareRoot()
      squares.start[index] = root
      sum += Double(root)
    }
    mean = sum / Double(squares.count)
    roots = squares
    self.segmentLength = segmentLength
  }

  /// The statistics of a text sampled from the model itself.
  public convenience init(
    sampledFrom weights: NetworkWeights, segmentLength: Int, processor: Processor
  ) {
    self.init(
      of: Self.sample(weights, processor), weights: weights, segmentLength: segmentLength,
      processor: processor)
  }

  /// The statistics of the first tokens of a text.
  /// - Throws: `EvaluationError.emptyText`, `TokenizationError.invalidUTF8` or `StorageError`.
  public convenience init(
    of source: TextSource, model: TextModel, segmentLength: Int,
    invalidUTF8: InvalidUTF8Policy = .error, processor: Processor
  ) throws {
    self.init(
      of: try model.tokenizer.firstTokens(
        Self.tokenCount, of: source, invalidUTF8: invalidUTF8),
      weights: model.weights, segmentLength: segmentLength, processor: processor)
  }

  private static func addSquares(
    of gradients: borrowing ParameterBuffer, to squares: borrowing ParameterBuffer,
    _ processor: Processor
  ) {
    let (source, sums, kernels) = (gradients.start, squares.start, processor.kernels)
    processor.team.forEachRange(of: squares.count, grain: 64) { range, _ in
      let first = range.lowerBound
      kernels.addProducts(source + first, source + first, to: sums + first, count: range.count)
    }
  }

  /// Tokens drawn by the model's own probabilities, the same ones each time.
  ///
  /// `Generation.Sampler` is not used: this module does not depend on that one, and the Fisher
  /// information needs draws from the plain distribution over all tokens, unknown and end of text
  /// included.
  private static func sample(_ weights: NetworkWeights, _ processor: Processor) -> [TokenID] {
    var predictor = Predictor(weights: weights, processor: processor)
    var state = RecurrentState(weights.configuration)
    var stream = RandomStream(seed: 0)
    var logits: [Float] = []
    var weightsOfTokens: [Float] = []
    var tokens: [TokenID] = []
    var token = Vocabulary.endOfText
    while tokens.count < tokenCount {
      predictor.advance([token], state: &state, logits: &logits)
      logits.withUnsafeBufferPointer {
        processor.kernels.softmaxWeights(of: $0, into: &weightsOfTokens)
      }
      token = draw(weightsOfTokens, using: &stream)
      tokens.append(token)
    }
    return tokens
  }

  /// Draws a token by its probability.
  private static func draw(_ weights: [Float], using stream: inout RandomStream) -> TokenID {
    var rest = stream.nextUniform() * weights.reduce(0.0) { $0 + Double($1) }
    for (token, weight) in weights.enumerated() {
      rest -= Double(weight)
      if rest < 0 { return TokenID(token) }
    }
    return TokenID(weights.count - 1)
  }
}
