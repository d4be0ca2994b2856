import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// How far the predictions of two models are apart, token by token: whether they are the same
/// function, such as a model and what was made of it by way of another format.
///
/// ```swift
/// import Evaluation
/// import Kernels
/// import ModelFiles
///
/// let difference = try FunctionDifference(
///   models[0], models[1], on: .file("text.txt"), processor: processor)
/// print(difference.largestOfLogits, difference.isRounding)
/// ```
public struct FunctionDifference: Sendable, Equatable {
  /// The number of tokens after which the logits were compared.
  public private(set) var tokenCount = 0
  /// The largest difference of two logits of the same token.
  public private(set) var largestOfLogits = 0.0
  /// The largest difference of -log p of a token of the text.
  public private(set) var largestOfNats = 0.0

  /// The most that other orders of the same sums of float32 give.
  private static let roundingLimit = 1e-4
  private static let pieceLength = 64

  /// Whether rounding explains the difference.
  public var isRounding: Bool { largestOfLogits <= Self.roundingLimit }

  /// Reads the beginning of a text with both models.
  /// - Parameters:
  ///   - first: a model.
  ///   - second: a model with the same tokenizer.
  ///   - source: the text.
  ///   - invalidUTF8: what to do with bytes that are not UTF-8.
  ///   - limit: the most tokens that are read.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Throws: `TextModelError.tokenizersDiffer`, `TokenizationError.invalidUTF8` or `StorageError`.
  public init(
    _ first: TextModel, _ second: TextModel, on source: TextSource,
    invalidUTF8: InvalidUTF8Policy = .error, limit: Int = 20_000, processor: Processor
  ) throws {
    let tokenizer = try TextModel.sharedTokenizer(of: [first, second])
    var reader = try TextReader(
      source, invalidUTF8: invalidUTF8, chunkByteCount: Evaluator.chunkByteCount)
    var encoder = TokenEncoder(tokenizer)
    var tokens: [TokenID] = []
    while tokens.count < limit,
      try reader.next({ utf8 -> Void in encoder.append(utf8, to: &tokens) }) != nil
    {}
    encoder.finish(to: &tokens)
    tokens.removeLast(max(0, tokens.count - limit))
    var one = Reading(first, processor)
    var other = Reading(second, processor)
    for start in stride(from: 0, to: tokens.count, by: Self.pieceLength) {
      let piece = Array(tokens[start..<min(tokens.count, start + Self.pieceLength)])
      one.read(piece)
      other.read(piece)
      compare(one, other)
    }
    tokenCount = tokens.count
  }

  private mutating func compare(_ first: borrowing Reading, _ second: borrowing Reading) {
    func largest<Number: BinaryFloatingPoint>(_ first: [Number], _ second: [Number]) -> Double {
      zip(first, second).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
    }
    largestOfLogits = max(largestOfLogits, largest(first.logits, second.logits))
    largestOfNats = max(largestOfNats, largest(first.nats, second.nats))
  }

  /// A model in the midst of a text, and what it said of the last piece.
  private struct Reading: ~Copyable {
    private var predictor: Predictor
    private var state: RecurrentState
    private var previous = Vocabulary.endOfText
    private(set) var logits: [Float] = []
    private(set) var nats: [Double] = []

    init(_ model: TextModel, _ processor: Processor) {
      predictor = Predictor(weights: model.weights, processor: processor)
      state = RecurrentState(model.weights.configuration)
    }

    mutating func read(_ tokens: [TokenID]) {
      logits.removeAll(keepingCapacity: true)
      nats.removeAll(keepingCapacity: true)
      tokens.withUnsafeBufferPointer { tokens in
        predictor.score(tokens, after: &previous, state: &state, nats: &nats) { rows in
          for row in 0..<rows.rowCount {
            logits += UnsafeBufferPointer(start: rows.row(row), count: rows.columnCount)
          }
        }
      }
    }
  }
}
