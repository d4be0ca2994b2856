import ModelFiles
import Tokenization

/// What is wrong with a file of another tool, or what a model of this one cannot have.
public enum ImportError: Error, Equatable, CustomStringConvertible {
  /// A JSON file is not valid at a byte.
  case malformedJSON(file: String, byteOffset: Int, expected: String)
  /// A file is cut off or damaged at a byte.
  case malformed(file: String, byteOffset: Int, expected: String)
  /// The file is in none of the known formats.
  case unknownFormat(file: String)
  /// The file can run code when it is read, so it is not.
  case pickle(file: String)
  /// The file is a model of charlm already.
  case isModel(file: String)
  /// There is no vocabulary in the file.
  case vocabularyNeeded(file: String)
  /// The tokens of a vocabulary are not what they must be.
  case invalidVocabulary(file: String, reason: String)
  /// The vocabulary has another number of tokens than the network has rows.
  case vocabularySize(file: String, tokens: Int, rows: Int)
  /// No tensor, or more than one, has a part of the network.
  case tensorNotFound(file: String, part: String, candidates: [String])
  /// An ONNX graph has no recurrent operators.
  case noRecurrentLayers(file: String)
  case unexpectedShape(file: String, tensor: String, expected: String, found: [Int])
  /// The elements of a tensor are of a type that cannot be used.
  case elementType(file: String, tensor: String, found: String)
  /// A tensor has infinities or NaNs.
  case notFinite(file: String, tensor: String)
  /// The network has something that those of this package cannot have.
  case unsupported(file: String, what: String)

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .malformedJSON(let file, let byteOffset, let expected):
      "'\(file)' cannot be read as JSON: at byte \(byteOffset) it needs \(expected)."
    case .malformed(let file, let byteOffset, let expected):
      "'\(file)' is damaged: \(expected) is missing at byte \(byteOffset); get the file again."
    case .unknownFormat(let file):
      "'\(file)' is in no format that can be imported: give a safetensors or ONNX file, a folder of "
        + "Hugging Face, or a checkpoint of char-rnn or torch-rnn."
    case .pickle(let file):
      "'\(file)' is a pickle, which can run any code when it is read: convert it in Python, with "
        + "`state = torch.load('\(file)', weights_only=True)` and "
        + "`safetensors.torch.save_file(state, 'model.safetensors')`, and give the result."
    case .isModel(let file):
      "'\(file)' is a model of charlm already: use it as it is."
    case .vocabularyNeeded(let file):
      "'\(file)' has no vocabulary: give one as JSON, as tokenizer.json, or a text to derive it from."
    case .invalidVocabulary(let file, let reason):
      "The vocabulary of '\(file)' cannot be used: \(reason)."
    case .vocabularySize(let file, let tokens, let rows):
      "The vocabulary of '\(file)' has \(tokens) tokens, and the network \(rows) rows: give the one "
        + "that it was trained with."
    case .tensorNotFound(let file, let part, let candidates):
      candidates.isEmpty
        ? "'\(file)' has no tensor that is \(part): name it."
        : "'\(file)' has several tensors that may be \(part), \(Self.list(candidates)): name one."
    case .noRecurrentLayers(let file):
      "The graph of '\(file)' has no operator LSTM, GRU or RNN, or several of these: import the "
        + "state_dict of the network instead."
    case .unexpectedShape(let file, let tensor, let expected, let found):
      "The tensor \(quoted(tensor)) of '\(file)' has the shape "
        + "\(shapeText(found)) instead of \(expected)."
    case .elementType(let file, let tensor, let found):
      "The elements of the tensor \(quoted(tensor)) of '\(file)' are \(found): store them as F32."
    case .notFinite(let file, let tensor):
      "The tensor \(quoted(tensor)) of '\(file)' contains infinities or NaNs."
    case .unsupported(let file, let what):
      "'\(file)' has \(what), which models of charlm cannot have."
    }
  }

  /// Of a network of another tool.
  static func readsBackwards(file: String) -> ImportError {
    .unsupported(file: file, what: "layers that read a text backwards, too (bidirectional)")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(5).map(quoted).joined(separator: ", ")
      + (names.count > 5 ? ", ..." : "")
  }
}
