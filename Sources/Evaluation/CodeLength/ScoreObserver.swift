/// Receives the scored units of the evaluated texts, in order, while the texts are read.
///
/// One evaluation can have several observers; none changes its figures. An error that an observer
/// throws ends the evaluation.
public protocol ScoreObserver: AnyObject {
  /// The number of candidates that each unit should have, at most the size of the vocabulary.
  var candidateCount: Int { get }

  /// Called at the beginning of a text.
  func beginText(named name: String) throws
  /// Called with further units of the text, about 10,000 or 100,000 at a time.
  func append(_ units: [ScoredUnit]) throws
  /// Called at the end of a text with its figures; not called if the evaluation failed.
  func endText(_ result: EvaluationResult) throws
}
