import Evaluation
import ModelFiles
import Tokenization

/// Errors about one of several models, which the libraries know only by their positions.
enum SeveralModelsError: DataFault {
  case tokenizersDiffer(model: String, first: String)
  case normalizedTextsDiffer(text: String, model: String, other: String, character: Int)

  /// Runs `body`; its errors about positions name `models` instead.
  static func naming<Result>(_ models: [String], _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch TextModelError.tokenizersDiffer(let position) {
      throw tokenizersDiffer(model: models[position], first: models[0])
    } catch EvaluationError.normalizedTextsDiffer(let name, let position, let other, let character)
    {
      throw normalizedTextsDiffer(
        text: name, model: models[position], other: models[other], character: character)
    }
  }

  var description: String {
    func quoted(_ name: String) -> String { "'\(visible(name, keepingSpaces: true))'" }
    return switch self {
    case .tokenizersDiffer(let model, let first):
      "\(quoted(model)) has other characters than \(quoted(first)): "
        + "give models with the same tokenizer, such as models trained on the same text."
    case .normalizedTextsDiffer(let text, let model, let other, let character):
      "\(quoted(model)) reads \(quoted(text)) otherwise than \(quoted(other)) does, after character "
        + "\(character): compare models with the same normalization, case and newlines, "
        + "or compare their bits per byte with charlm evaluate."
    }
  }
}
