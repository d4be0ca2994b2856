import Tokenization

/// What a format cannot hold.
public enum ExportError: Error, Equatable, CustomStringConvertible {
  /// The format's layers cannot normalize sums.
  case normalizedSums(format: String)
  /// A `tokenizer.json` cannot fold case as charlm does.
  case foldsCase
  /// A `tokenizer.json` cannot make a line feed the end of a document.
  case documents(DocumentSeparator)

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .normalizedSums(let format):
      "\(format) has no layers with normalized sums, which this model has: export it as onnx, "
        + "pytorch or huggingface."
    case .foldsCase:
      "A tokenizer.json cannot fold case as this model does: export the model as onnx or pytorch."
    case .documents(let separator):
      "A tokenizer.json cannot end documents at \(separator.rawValue), as this model does: export "
        + "the model as onnx or pytorch."
    }
  }
}
