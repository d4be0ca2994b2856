/// Adds up the nats of one model in the stretches of the texts.
///
/// The model with the largest units chooses the stretches; the others follow them.
final class StretchRecorder: ScoreObserver {
  let candidateCount = 0
  /// The position of the model among the compared ones.
  private let model: Int
  /// The position of the model that chose the stretches, and its stretches of all texts; nil to
  /// choose them.
  private let reference: (model: Int, stretches: [Stretch])?
  /// The stretches so far; the remainder of a text is a stretch of its own.
  private(set) var stretches: [Stretch] = []
  /// The nats of each stretch.
  private(set) var nats: [Double] = []
  private var open = Stretch()
  private var openNats = 0.0
  private var textName = ""
  /// The characters of the text before the open stretch.
  private var position = 0

  /// The characters of a stretch if its model chooses it and has units of one character.
  static let charactersPerStretch = CodeLengthBlocks().charactersPerBlock

  init(model: Int, following reference: (model: Int, stretches: [Stretch])? = nil) {
    self.model = model
    self.reference = reference
  }

  func beginText(named name: String) {
    textName = name
    position = 0
  }

  /// - Throws: `EvaluationError.normalizedTextsDiffer`.
  func append(_ units: [ScoredUnit]) throws(EvaluationError) {
    for unit in units {
      open.append(unit)
      openNats += unit.nats
      if open.characters >= target { try close() }
    }
  }

  /// - Throws: `EvaluationError.normalizedTextsDiffer`.
  func endText(_ result: EvaluationResult) throws(EvaluationError) {
    if open.characters > 0 { try close() }
  }

  private var target: Int {
    guard let reference else { return Self.charactersPerStretch }
    // A text that is longer than the reference's fails when its stretch is closed.
    return stretches.count < reference.stretches.count
      ? reference.stretches[stretches.count].characters : Self.charactersPerStretch
  }

  private func close() throws(EvaluationError) {
    if let reference {
      let index = stretches.count
      guard index < reference.stretches.count, reference.stretches[index] == open else {
        throw .normalizedTextsDiffer(
          name: textName, position: model, other: reference.model, character: position)
      }
    }
    position += open.characters
    stretches.append(open)
    nats.append(openNats)
    (open, openNats) = (Stretch(), 0)
  }
}
