import ArgumentParser
import Training

/// The options for checkpoints and for resuming from them.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File for checkpoints, from which the run resumes after Ctrl-C, a crash or a power loss. "
        + "(default: the output's name with '.checkpoint' appended, removed when the run is done)",
      valueName: "file"), completion: .file(extensions: ["checkpoint"]))
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "Minutes between checkpoints; 0 for one after every step. "
        + "(default: 1, or more if they are large)",
      valueName: "x"))
  var checkpointEvery: Double?

  static let suffix = ".checkpoint"
  private static let defaultMinutes = 1.0

  /// - Parameter isKept: whether the checkpoint outlives the run.
  func plan(isKept: Bool) throws -> CheckpointPlan {
    let minutes = checkpointEvery ?? Self.defaultMinutes
    guard minutes >= 0, minutes.isFinite else {
      throw UsageError.numberNegative(option: "--checkpoint-every", value: "\(minutes)")
    }
    return CheckpointPlan(seconds: minutes * 60, includesEnd: isKept)
  }
}
