import Benchmarking
import Kernels

/// Prints results as they are measured: a table for people, or one JSON object a line.
struct BenchmarkReport {
  private let processor: Processor
  private let printsJSON: Bool
  /// The best of all measurements.
  private var peak: ProductPeak?
  private var lowestPeak = Double.infinity
  private var kind: Benchmark.Kind?

  init(processor: Processor, printsJSON: Bool) {
    self.processor = processor
    self.printsJSON = printsJSON
  }

  mutating func add(_ peak: ProductPeak) throws {
    self.peak = peak
    lowestPeak = peak.operationsPerSecond
    if printsJSON {
      try JSONLine(
        machineFields("peak") + [
          ("gigaflops_per_second_of_one_thread", giga(peak.operationsPerSecondOfOneThread)),
          ("gigaflops_per_second", giga(peak.operationsPerSecond)),
        ]
      ).print()
    } else {
      let threadCount = processor.team.threadCount
      try StandardOutput.write(
        "Peak of matrix products (\(processor.kernels.instructionSet.rawValue)): "
          + "\(giga(peak.operationsPerSecondOfOneThread).fixed(1)) GFLOP/s on one thread"
          + (threadCount == 1
            ? "\n" : ", \(giga(peak.operationsPerSecond).fixed(1)) on \(threadCount)\n"))
    }
  }

  /// Measures the peak again, since a moment of other work makes it too low.
  mutating func raisePeak(measuredFor seconds: Double) {
    let measured = ProductPeak.measure(processor, seconds: seconds)
    peak = peak?.raised(to: measured) ?? measured
    lowestPeak = min(lowestPeak, measured.operationsPerSecond)
  }

  /// Below this share of the best one, a peak was measured while the machine was busy.
  private static let quietShare = 0.8

  /// What to know about the figures.
  var note: String? {
    guard let peak, lowestPeak < Self.quietShare * peak.operationsPerSecond else { return nil }
    return "The machine was busy with other work: its peak was "
      + "\(giga(lowestPeak).fixed(0)) to \(giga(peak.operationsPerSecond).fixed(0)) GFLOP/s."
  }

  /// Begins the rows of one kind.
  mutating func begin(_ kind: Benchmark.Kind) throws {
    self.kind = kind
    if !printsJSON { try StandardOutput.write("\n" + line(kind.rawValue, Self.headings(of: kind))) }
  }

  func add(_ row: BenchmarkRow, _ speed: Speed) throws {
    guard let kind else { preconditionFailure("rows belong to a kind") }
    guard printsJSON else {
      return try StandardOutput.write(line(row.name, figures(of: speed, kind)))
    }
    try JSONLine(machineFields(kind.rawValue) + row.fields + fields(of: speed, kind)).print()
  }

  // MARK: For people

  private static let nameWidth = 44
  private static let figureWidth = 15

  private func line(_ name: String, _ figures: [String]) -> String {
    name.leftAligned(Self.nameWidth, gap: 1)
      + figures.map { $0.rightAligned(Self.figureWidth, gap: 1) }.joined() + "\n"
  }

  private static func headings(of kind: Benchmark.Kind) -> [String] {
    switch kind {
    case .train: ["characters/s", "ms/step", "GFLOP/s", "of peak"]
    case .generate, .evaluate: ["characters/s", "GFLOP/s", "of peak"]
    case .tokenize: ["MB/s", "characters/s"]
    case .gemm: ["GFLOP/s", "of peak"]
    case .scale: []
    }
  }

  private func figures(of speed: Speed, _ kind: Benchmark.Kind) -> [String] {
    let characters = Int(speed.charactersPerSecond).grouped
    guard kind.isArithmetic else {
      return [(speed.bytesPerSecond / 1e6).fixed(1), characters]
    }
    let rate = [
      giga(speed.operationsPerSecond).fixed(1),
      peak.map { $0.fraction(of: speed).map { (100 * $0).fixed(1) + " %" } ?? "busy" } ?? "",
    ]
    switch kind {
    case .gemm: return rate
    case .train: return [characters, (1e3 * speed.timing.medianSeconds).fixed(2)] + rate
    default: return [characters] + rate
    }
  }

  // MARK: For programs

  private func machineFields(_ kind: String) -> JSONLine.Fields {
    [
      ("benchmark", kind), ("instruction_set", processor.kernels.instructionSet.rawValue),
      ("threads", kind == Benchmark.Kind.tokenize.rawValue ? 1 : processor.team.threadCount),
    ]
  }

  private func fields(
    of speed: Speed, _ kind: Benchmark.Kind
  ) -> JSONLine.Fields {
    let timing: JSONLine.Fields = [
      ("repetitions", speed.timing.seconds.count), ("median_seconds", speed.timing.medianSeconds),
      ("least_seconds", speed.timing.leastSeconds),
    ]
    let characters: JSONLine.Fields = [
      ("characters_per_second", speed.charactersPerSecond)
    ]
    let rate: JSONLine.Fields = [
      ("useful_gigaflops_per_second", giga(speed.operationsPerSecond)),
      ("peak_gigaflops_per_second", peak.map { giga($0.operationsPerSecond) }),
      ("fraction_of_peak", peak.flatMap { $0.fraction(of: speed) }),
    ]
    return switch kind {
    case .gemm: timing + rate
    case .tokenize: timing + characters + [("megabytes_per_second", speed.bytesPerSecond / 1e6)]
    case .train, .generate, .evaluate, .scale: timing + characters + rate
    }
  }

  private func giga(_ number: Double) -> Double { number / 1e9 }
}
