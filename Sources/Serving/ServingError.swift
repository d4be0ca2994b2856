/// Requests that cannot be served.
package enum ServingError: Error, Equatable, CustomStringConvertible {
  /// No model has this name.
  case noSuchModel(id: String, known: [String])
  /// Several models are served, and the request names none.
  case modelMissing(known: [String])
  /// The model needs more memory than loaded models may take.
  case modelTooLarge(id: String, byteCount: Int, mostByteCount: Int)
  /// Too many texts wait already.
  case busy
  /// The server is about to end.
  case endingSoon
  /// No training run has this name.
  case noSuchRun(id: String)
  /// A run trains already, and two would share the processor.
  case trains
  /// The command that trains could not be started.
  case cannotTrain(reason: String)
  /// A field of a request is wrong.
  case invalid(parameter: String?, reason: String)

  package var description: String {
    switch self {
    case .noSuchModel(let id, let known):
      "There is no model '\(id)': \(Self.choice(known))."
    case .modelMissing(let known):
      "The request names no model: \(Self.choice(known))."
    case .modelTooLarge(let id, let byteCount, let mostByteCount):
      "The model '\(id)' takes \(byteCount / 1_000_000) MB, and loaded models may take "
        + "\(mostByteCount / 1_000_000) MB: start the server with more memory for models."
    case .busy:
      "Too many texts are waiting: try again in a moment."
    case .endingSoon:
      "The server is about to end: try again later."
    case .noSuchRun(let id):
      "There is no training run '\(id.prefix(60))'."
    case .trains:
      "Another model is being trained: wait until it is ready, or pause it."
    case .cannotTrain(let reason):
      "The training could not be started: \(reason)."
    case .invalid(_, let reason):
      reason
    }
  }

  /// The most names in a sentence.
  private static let mostNames = 10

  private static func choice(_ known: [String]) -> String {
    guard !known.isEmpty else { return "no model is served" }
    let names = known.prefix(mostNames).map { "'\($0)'" }.joined(separator: ", ")
    return "choose " + names
      + (known.count > mostNames ? " or one of \(known.count - mostNames) more" : "")
  }
}
