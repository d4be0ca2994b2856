import ArgumentParser
import Training

/// What a run that is cut off leaves behind, and how it goes on.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where to keep all that the run needs to go on after Ctrl-C, a crash or a loss of power. (default: the "
        + "output's name and '.checkpoint', removed when the run is done)", valueName: "file"))
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "Minutes between checkpoints; 0 for one after every step. (default: 1, or more where they are large)",
      valueName: "x"))
  var checkpointEvery: Double?

  @Option(
    help: ArgumentHelp(
      "Go on from this checkpoint. Texts, settings and whatever watches the run are its own; a larger budget, "
        + "--learning-rate, --evaluate-every, --patience and where to write may be given.",
      valueName: "file"))
  var resume: String?

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
