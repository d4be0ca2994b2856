import ArgumentParser
import Benchmarking

/// `charlm benchmark`: how fast this machine trains, generates, scores, tokenizes and multiplies.
struct Benchmark: Command {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine trains, generates, scores and tokenizes.",
    discussion: """
      Examples:
        charlm benchmark
        charlm benchmark train --cell gru --layers 2 --hidden-size 256
        charlm benchmark gemm --threads 1 --json

      Each row is the median of many repetitions on random data. A GFLOP/s is a billion useful \
      operations a second, the least work that the mathematics needs; "of peak" is their share of \
      the best rate at which this machine was seen to multiply matrices, just before.
      """)

  /// What is measured.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    /// Steps of training.
    case train
    /// Texts that grow.
    case generate
    /// One long text that is scored.
    case evaluate
    /// Text to token ids.
    case tokenize
    /// The matrix products of training.
    case gemm

    /// Whether a row's operations are counted.
    var isArithmetic: Bool { self != .tokenize }
  }

  /// A peak is the best of many short repetitions, and comes soon.
  private static let peakSeconds = 1.0

  @Argument(help: "What to measure. (default: all of it)")
  var kind: Kind?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long to repeat what is measured, for each row.", valueName: "x"))
  var seconds = 1.0

  @OptionGroup(title: "One row in place of the usual ones") var shape: BenchmarkShapeOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    guard seconds > 0, seconds.isFinite else {
      throw UsageError.numberNotPositive(option: "--seconds", value: "\(seconds)")
    }
    let kinds = kind.map { [$0] } ?? Kind.allCases
    try shape.check(for: kind)
    let processor = try shared.processor()
    var report = BenchmarkReport(processor: processor, printsJSON: json)
    if kinds.contains(where: \.isArithmetic) {
      try report.add(ProductPeak.measure(processor, seconds: min(seconds, Self.peakSeconds)))
    }
    for kind in kinds {
      try report.begin(kind)
      try measure(kind) { row, speed in try report.add(row, speed) }
    }
  }

  /// Hands the rows of one kind to `report`, one after the other.
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
    }
  }
}
