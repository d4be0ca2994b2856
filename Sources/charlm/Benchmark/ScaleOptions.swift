import ArgumentParser
import Benchmarking
import Kernels
import Processes
import Training

/// The options of `charlm benchmark scale`, and its table.
struct ScaleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Microseconds of a message between two processes. (default: measured under mpirun, else 20)",
      valueName: "x"))
  var latency: Double?

  @Option(
    help: ArgumentHelp(
      "Gigabits per second between two processes. (default: measured under mpirun, else 10)",
      valueName: "x"))
  var bandwidth: Double?

  private static let defaultMicroseconds = 20.0
  private static let defaultGigabits = 10.0
  private static let mostProcesses = 64

  var isGiven: Bool { latency != nil || bandwidth != nil }

  /// Measures one step with the lanes of each number of processes, and prints predictions.
  /// - Parameter shared: its threads are those of each process.
  func run(
    _ shape: TrainingShape, seconds: Double, printsJSON: Bool, shared: SharedOptions
  ) throws {
    for (option, value) in [("--latency", latency), ("--bandwidth", bandwidth)] {
      if let value, !(value > 0 && value.isFinite) {
        throw UsageError.numberNotPositive(option: option, value: "\(value)")
      }
    }
    let group = ProcessGroup.current
    if let group, group.count > shape.batchSize {
      throw UsageError.numberOutOfRange(
        option: "--batch-size", value: shape.batchSize, range: group.count...Int.max)
    }
    let processor = try shared.processor()
    let benchmark = ScaleBenchmark(shape, processor: processor, seconds: seconds)
    let messages = self.messages(group)
    let table = ScaleTable(
      shape: shape, messages: messages, threadCount: processor.team.threadCount,
      instructionSet: processor.kernels.instructionSet, printsJSON: printsJSON)
    try table.begin()
    var counts = sequence(first: 1) { $0 * 2 }
      .prefix { $0 <= min(Self.mostProcesses, shape.batchSize) }
    if let group, !counts.contains(group.count) { counts = (counts + [group.count]).sorted() }
    var alone: ScaleBenchmark.Row?
    for count in counts {
      var row = try benchmark.row(processCount: count, messages: messages)
      if let group, count == group.count {
        row.measuredSeconds = try benchmark.measure(group, threadCount: shared.threads)
      }
      alone = alone ?? row
      try table.add(row, alone: alone?.predictedSeconds ?? row.predictedSeconds)
    }
  }

  private func messages(_ group: ProcessGroup?) -> MessageSpeed {
    var messages =
      group.map { MessageSpeed.measure($0) }
      ?? MessageSpeed(
        latency: Self.defaultMicroseconds * 1e-6, bytesPerSecond: Self.defaultGigabits * 1e9 / 8)
    if let latency { messages.latency = latency * 1e-6 }
    if let bandwidth { messages.bytesPerSecond = bandwidth * 1e9 / 8 }
    return messages
  }
}

/// One line for each number of processes.
private struct ScaleTable {
  let shape: TrainingShape
  let messages: MessageSpeed
  let threadCount: Int
  let instructionSet: InstructionSet
  let printsJSON: Bool

  private static let width = 12
  private static let headings = [
    "processes", "lanes each", "compute ms", "waiting ms", "steps/s", "times one", "measured",
  ]

  private var microseconds: Double { messages.latency * 1e6 }
  private var gigabits: Double { messages.bytesPerSecond * 8 / 1e9 }

  func begin() throws {
    guard !printsJSON else { return }
    try StandardOutput.write(
      "\(BenchmarkRow.training(shape).name); processes of \(threadCount) "
        + "thread\(threadCount == 1 ? "" : "s"); messages: \(microseconds.fixed(1)) µs, "
        + "\(gigabits.fixed(1)) Gbit/s\n\n" + line(Self.headings))
  }

  func add(_ row: ScaleBenchmark.Row, alone: Double) throws {
    let predicted = row.predictedSeconds
    guard printsJSON else {
      return try StandardOutput.write(
        line([
          "\(row.processCount)", "\(row.laneCount)", (1e3 * row.computeSeconds).fixed(2),
          (1e3 * row.waitingSeconds).fixed(2), (1 / predicted).fixed(2),
          (alone / predicted).fixed(2), row.measuredSeconds.map { (1 / $0).fixed(2) } ?? "",
        ]))
    }
    try JSONLine(
      [
        ("benchmark", Benchmark.Kind.scale.rawValue), ("instruction_set", instructionSet.rawValue),
        ("threads", threadCount),
      ] + BenchmarkRow.training(shape).fields + [
        ("latency_microseconds", microseconds), ("gigabits_per_second", gigabits),
        ("processes", row.processCount), ("lanes_of_each", row.laneCount),
        ("compute_seconds", row.computeSeconds), ("waiting_seconds", row.waitingSeconds),
        ("predicted_steps_per_second", 1 / predicted),
        ("measured_steps_per_second", row.measuredSeconds.map { 1 / $0 }),
      ]
    ).print()
  }

  private func line(_ cells: [String]) -> String {
    cells.map { $0.rightAligned(Self.width, gap: 1) }.joined() + "\n"
  }
}
