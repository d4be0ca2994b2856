import Kernels
import ModelFiles
import Tokenization

/// Measures how well a model predicts texts if its weights follow what it has read: dynamic evaluation.
///
/// ```swift
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// let settings = DynamicSettings()
/// let statistics = GradientStatistics(
///   sampledFrom: model.weights, segmentLength: settings.segmentLength, processor: processor)
/// var evaluator = DynamicEvaluator(
///   model, settings: settings, statistics: statistics, processor: processor)
/// print(try evaluator.evaluate(.file("text.txt")).bitsPerCharacter)
/// ```
///
/// What a token costs depends on the tokens before it only, so the figures are code lengths as those of
/// `Evaluator` are, and comparable with them. How weights follow stands in `AdaptiveNetwork`. Every text
/// begins with the trained weights.
public struct DynamicEvaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var network: AdaptiveNetwork

  private static let chunkByteCount = 1 << 14

  /// - Preconditions: the settings are valid, and the statistics are those of segments of their length.
  public init(
    _ model: TextModel, settings: DynamicSettings, statistics: GradientStatistics,
    processor: Processor
  ) {
    tokenizer = model.tokenizer
    network = AdaptiveNetwork(
      model.weights, statistics: statistics, settings: settings, processor: processor)
  }

  /// Scores one text from its beginning.
  /// - Parameter progress: is given the figures so far; what it throws ends the evaluation.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what `progress` throws.
  public mutating func evaluate(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    try evaluate(
      source, invalidUTF8: invalidUTF8, chunkByteCount: Self.chunkByteCount, nats: { _ in },
      progress: progress)
  }

  /// - Parameter each: is given the nats of the tokens, in order, some at a time.
  package mutating func evaluate(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error, chunkByteCount: Int,
    nats each: ([Double]) -> Void, progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    var reader = try TextReader(source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    var encoder = TokenEncoder(tokenizer)
    var words = WordCounter()
    var sum = CompensatedSum()
    var tokens: [TokenID] = []
    network.reset()
    while try reader.next({ utf8 -> Void in
      words.append(utf8)
      encoder.append(utf8, to: &tokens)
    }) != nil {
      score(&tokens, isLast: false, into: &sum, each)
      try progress(Self.result(reader, encoder, words, sum))
    }
    encoder.finish(to: &tokens)
    score(&tokens, isLast: true, into: &sum, each)
    let result = Self.result(reader, encoder, words, sum)
    guard result.tokens > 0 else { throw EvaluationError.emptyText(name: source.name) }
    guard result.nats.isFinite else {
      throw EvaluationError.adaptationDiverged(name: source.name)
    }
    return result
  }

  /// Scores `tokens` and empties it.
  private mutating func score(
    _ tokens: inout [TokenID], isLast: Bool, into sum: inout CompensatedSum,
    _ each: ([Double]) -> Void
  ) {
    var nats: [Double] = []
    tokens.withUnsafeBufferPointer { network.score($0, nats: &nats) }
    if isLast { network.finish(nats: &nats) }
    for value in nats { sum.add(value) }
    each(nats)
    tokens.removeAll(keepingCapacity: true)
  }

  private static func result(
    _ reader: borrowing TextReader, _ encoder: borrowing TokenEncoder, _ words: WordCounter,
    _ sum: CompensatedSum
  ) -> EvaluationResult {
    EvaluationResult(
      characters: encoder.characterCount, bytes: reader.byteCount, words: words.count,
      tokens: encoder.tokenCount, unknownCharacters: encoder.unknownCount,
      nats: sum.value + encoder.unknownNats)
  }

  /// The model with the weights as the text read last has left them.
  /// - Parameter model: the one that the evaluator was made of.
  package func adapted(_ model: TextModel) -> TextModel {
    TextModel(weights: network.weights(), tokenizer: tokenizer, training: model.training)
  }
}
