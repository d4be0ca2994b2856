import ArgumentParser
import Reporting
import Storage
import Tokenization

struct Plot: Command {
  static let configuration = CommandConfiguration(
    abstract: "Draw the losses of several training runs in one chart.",
    discussion: """
      Example: charlm plot first.jsonl second.jsonl --output losses.svg

      The logs are those of charlm train --log, or what charlm train --json prints. A run that is \
      still being trained is drawn as far as it is.
      """)

  @Argument(
    help: ArgumentHelp("The logs of the runs.", valueName: "log.jsonl"),
    completion: .file(extensions: ["jsonl"]))
  var logs: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The chart to write.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]))
  var output: String

  @Option(help: "The title of the chart.")
  var title = "Training and validation loss"

  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    try OutputPaths.check([("--output", output)], besides: logs)
    let runs = try logs.map { path in
      let log = try TrainingLog(path: path)
      return LossChart.Run(
        name: visible(path, keepingSpaces: true), training: log.training,
        validation: log.validation)
    }
    let chart = LossChart(title: visible(title, keepingSpaces: true), runs: runs)
    try outputOptions.keepPrevious(output, shared: shared)
    try FileWriter.replace(path: output, with: chart.svg)
  }
}
