import ModelFiles

/// The result of a run.
public struct TrainingResult: Sendable {
  /// The reason why a run ended.
  public enum Reason: String, Sendable {
    case steps, epochs, time
    /// The validation has not improved for too long.
    case patience
    /// The run was asked to stop, and emitted a checkpoint.
    case interrupted
  }

  /// The weights with the best validation, or the last ones if there was no validation.
  public var model: TextModel
  /// Why the run ended.
  public var reason: Reason
  /// The steps of all parts of the run.
  public var stepCount: Int
  /// The characters that these steps trained on, each as often as it was read.
  public var charactersSeen: Int
  /// The time of all parts of the run, validations included.
  public var seconds: Double
  /// Validations excluded.
  public var charactersPerSecond: Double
  /// The validation of the model that the run started from; nil for new weights.
  public var originNatsPerToken: Double?
  /// The training loss of the first step, before any update; nil if it is unknown, as after
  /// resuming from a checkpoint of an older version.
  public var firstNatsPerToken: Double?
  /// The last validation; nil if there was none.
  public var lastNatsPerToken: Double?
}
