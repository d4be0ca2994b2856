import ArgumentParser
import Benchmarking
import Kernels
import RecurrentNetwork

/// The options for the network and the windows of a single row, which replaces the standard rows.
struct BenchmarkShapeOptions: ParsableArguments {
  @Option(help: "The recurrent cell. (default: lstm)")
  var cell: CellKind?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of recurrent layers. (default: 1)", valueName: "n"))
  var layers: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units of each layer and width of the embedding. (default: 256)", valueName: "n"))
  var hiddenSize: Int?

  @Option(help: LayerNormKind.help)
  var layerNorm: LayerNormKind?

  @Flag(help: "Add each layer's input to its output; needs 2 or more layers.")
  var residual = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of symbols in the synthetic text. (default: 65)", valueName: "n"))
  var vocabularySize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Lanes that are trained in parallel. (default: 32)", valueName: "b"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Characters through which gradients are backpropagated. (default: 64)", valueName: "t"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "Weights for generating and scoring: float32 or int8. (default: float32)",
      valueName: "precision"))
  var weights: WeightPrecision?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples that are generated in parallel. (default: 1)", valueName: "n"))
  var count: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bytes of each synthetic text to tokenize. (default: 4194304)", valueName: "n"))
  var bytes: Int?

  /// The largest batch or window: no training uses windows with more tokens than the square of it.
  private static let largestBatchOrWindow = 4_096

  /// One gigabyte, which fits in memory together with its tokens.
  private static let largestByteCount = 1 << 30

  /// Rejects invalid sizes, and options that the benchmark does not use.
  /// - Parameter kind: the benchmark; nil for all of them.
  /// - Throws: `UsageError`, `NetworkError` or `BenchmarkingError`.
  func check(for kind: Benchmark.Kind?) throws {
    let network = [
      ("--cell", cell != nil), ("--layers", layers != nil), ("--hidden-size", hiddenSize != nil),
      ("--layer-norm", layerNorm != nil), ("--residual", residual),
      ("--vocabulary-size", vocabularySize != nil),
    ]
    let windows = [("--batch-size", batchSize != nil), ("--window", window != nil)]
    let texts = [("--bytes", bytes != nil)]
    let weights = [("--weights", self.weights != nil)]
    let samples = [("--count", count != nil)]
    let unused: [(option: String, isGiven: Bool)] =
      switch kind {
      case .tokenize: network + windows + weights + samples
      case .generate: windows + texts
      case .evaluate: windows + texts + samples
      case .train, .gemm, .scale: texts + weights + samples
      case nil: []
      }
    if let kind, let option = unused.first(where: \.isGiven)?.option {
      throw UsageError.notOfBenchmark(option: option, benchmark: kind.rawValue)
    }
    try check("--batch-size", batchSize, 1...Self.largestBatchOrWindow)
    try check("--window", window, 1...Self.largestBatchOrWindow)
    try check("--bytes", bytes, 1...Self.largestByteCount)
    try check("--count", count, 1...Self.largestBatchOrWindow)
    guard let single else { return }
    try single.network.validate()
    if kind == .generate || kind == .evaluate {
      try MachineMemory.check(
        single.network.inferenceByteCount(textCount: count ?? 1), for: "Reading with this network",
        remedy: "choose a smaller --hidden-size, --layers or --count")
    } else {
      try MachineMemory.check(
        training: single.network, batchSize: single.batchSize, windowLength: single.windowLength)
    }
    if single.network.vocabularySize < BenchmarkingError.leastVocabularySize {
      throw BenchmarkingError.vocabularyTooSmall(size: single.network.vocabularySize)
    }
  }

  private func check(_ option: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
    guard let value, !range.contains(value) else { return }
    throw UsageError.numberOutOfRange(option: option, value: value, range: range)
  }

  var trainingShapes: [TrainingShape] { single.map { [$0] } ?? TrainingShape.standard }

  var evaluationShapes: [InferenceShape] {
    single.map { [InferenceShape($0.network, precision: weights ?? .float32)] }
      ?? InferenceShape.standard
  }

  var generationShapes: [InferenceShape] {
    single.map {
      [InferenceShape($0.network, precision: weights ?? .float32, textCount: count ?? 1)]
    } ?? InferenceShape.standardOfGeneration
  }

  /// The distinct products of the training shapes.
  var products: [ProductShape] {
    var seen: Set<ProductShape> = []
    return trainingShapes.flatMap(ProductShape.all).filter { seen.insert($0).inserted }
  }

  /// The size of each text to tokenize.
  var byteCount: Int { bytes ?? TokenizationBenchmark.byteCount }

  /// The row that the options describe; nil if none is given.
  private var single: TrainingShape? {
    let sizes = [layers, hiddenSize, vocabularySize, batchSize, window, count]
    guard
      cell != nil || layerNorm != nil || residual || weights != nil
        || sizes.contains(where: { $0 != nil })
    else { return nil }
    return TrainingShape(
      cell ?? .lstm, layers: layers ?? 1, hiddenSize: hiddenSize ?? 256,
      batchSize: batchSize ?? 32, windowLength: window ?? 64,
      vocabularySize: vocabularySize ?? 65, isNormalized: layerNorm == .rms,
      isResidual: residual)
  }
}
