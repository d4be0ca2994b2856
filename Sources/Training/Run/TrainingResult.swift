import ModelFiles

/// The result of a run.
public struct TrainingResult: Sendable {
  /// Why a run ended.
  public enum Reason: String, Sendable {
    case steps, epochs, time
    /// The validation has not improved for too long.
    case patience
    /// The run was asked to stop, and told a checkpoint.
    case interrupted
  }

  /// The weights with the best validation, or, without any, the last ones.
  public var model: TextModel
  public var reason: Reason
  public var stepCount: Int
  public var charactersSeen: Int
  public var seconds: Double
  /// Validations not counted.
  public var charactersPerSecond: Double
}
