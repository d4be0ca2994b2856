/// Is told what each unit of the evaluated texts costs, in order, while they are read.
///
/// Several observers can watch one evaluation; none changes its figures. What an observer throws ends the
/// evaluation.
public protocol ScoreObserver: AnyObject {
  /// How many candidates the units shall name, at most the size of the vocabulary.
  var candidateCount: Int { get }

  /// A text begins.
  func beginText(named name: String) throws
  /// The text goes on; a call brings some 10,000 units, or some 100,000.
  func append(_ units: [ScoredUnit]) throws
  /// The text ended and came to these figures. Not called where it could not be evaluated.
  func endText(_ result: EvaluationResult) throws
}
