import Tokenization

extension TextModel {
  /// The tokenizer that all of `models`, at least one, have.
  /// - Throws: `TextModelError.tokenizersDiffer`.
  package static func sharedTokenizer(of models: [TextModel]) throws(TextModelError) -> Tokenizer {
    for (position, model) in models.enumerated() where model.tokenizer != models[0].tokenizer {
      throw .tokenizersDiffer(position: position)
    }
    return models[0].tokenizer
  }
}
