import ArgumentParser
import Benchmarking

/// `charlm benchmark`: measures how fast this machine trains, generates, scores, tokenizes and
/// multiplies.
struct Benchmark: Command {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine trains, generates, scores and tokenizes.",
    discussion: """
      Examples:
        charlm benchmark
        charlm benchmark train --cell gru --layers 2 --hidden-size 256
        charlm benchmark gemm --threads 1 --json
        charlm benchmark scale --hidden-size 512 --bandwidth 25

      Each row is the median of many repetitions on random data. A GFLOP/s is a billion useful \
      operations per second, counting only those that the mathematics needs; "of peak" is their \
      share of the best rate of matrix products, measured on this machine before and after each row.

      'scale' predicts the steps per second of several processes from measured steps with fewer \
      lanes and from the speed of messages; under mpirun it measures both, too.
      """)

  /// The workload to measure.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    /// Training steps.
    case train
    /// Generating texts.
    case generate
    /// Scoring one long text.
    case evaluate
    /// Encoding text to token ids.
    case tokenize
    /// The matrix products of training.
    case gemm
    /// Training in several processes.
    case scale

    /// Those that are measured if none is named.
    static let usual = allCases.filter { $0 != .scale }

    /// Whether the operations of a row are counted.
    var isArithmetic: Bool { self != .tokenize }
  }

  /// The peak is the best of many short repetitions, which does not take long to find; it is
  /// measured again after each row.
  private static let peakSeconds = 1.0

  @Argument(help: "What to measure. (default: everything)")
  var kind: Kind?

  @Flag(name: .shortAndLong, help: "Print one JSON object a line.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds of repetitions for each row.", valueName: "x"))
  var seconds = 1.0

  @OptionGroup(title: "One row instead of the standard ones") var shape: BenchmarkShapeOptions
  @OptionGroup(title: "Several processes") var scale: ScaleOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    guard seconds > 0, seconds.isFinite else {
      throw UsageError.numberNotPositive(option: "--seconds", value: "\(seconds)")
    }
    let kinds = kind.map { [$0] } ?? Kind.usual
    try shape.check(for: kind)
    if kind == .scale {
      return try scale.run(
        shape.trainingShapes[0], seconds: seconds, printsJSON: json, shared: shared)
    }
    guard !scale.isGiven else {
      throw UsageError.needs(option: "--latency and --bandwidth", other: "'benchmark scale'")
    }
    let processor = try shared.processor()
    var report = BenchmarkReport(processor: processor, printsJSON: json)
    if kinds.contains(where: \.isArithmetic) {
      try report.add(ProductPeak.measure(processor, seconds: min(seconds, Self.peakSeconds)))
    }
    for kind in kinds {
      try report.begin(kind)
      try measure(kind) { row, speed in
        if kind.isArithmetic { report.raisePeak(measuredFor: min(seconds, Self.peakSeconds) / 5) }
        try report.add(row, speed)
      }
    }
    if let note = report.note { shared.note(note) }
  }

  /// Measures the rows of one kind and passes each to `report`.
  private func measure(
    _ kind: Kind, report: (BenchmarkRow, Speed) throws -> Void
  ) throws {
    let processor = try shared.processor()
    switch kind {
    case .train:
      for shape in shape.trainingShapes {
        try report(
          .training(shape),
          TrainingBenchmark.measure(shape, processor: processor, seconds: seconds))
      }
    case .generate:
      for shape in shape.generationShapes {
        try report(
          .reading(shape),
          GenerationBenchmark.measure(shape, processor: processor, seconds: seconds))
      }
    case .evaluate:
      for shape in shape.evaluationShapes {
        try report(
          .reading(shape),
          EvaluationBenchmark.measure(shape, processor: processor, seconds: seconds))
      }
    case .tokenize:
      for text in SyntheticText.allCases {
        try report(
          .text(text),
          TokenizationBenchmark.measure(text, byteCount: shape.byteCount, seconds: seconds))
      }
    case .gemm:
      for product in shape.products {
        try report(
          .product(product),
          ProductBenchmark.measure(product, processor: processor, seconds: seconds))
      }
    case .scale: break  // has a table of its own
    }
  }
}
