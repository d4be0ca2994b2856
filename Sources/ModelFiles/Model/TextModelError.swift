import RecurrentNetwork
import Tokenization

/// Errors in a set of models, or in an intact safetensors file that is not a valid text model.
public enum TextModelError: Error, Equatable {
  /// The file is a checkpoint of a training run.
  case isCheckpoint(file: String)
  /// The file has a later format than this program reads.
  case unknownFormat(file: String, found: String)
  /// A JSON text of the metadata is not what its key requires.
  case malformedMetadata(file: String, key: String, reason: String)
  /// The network's configuration is invalid.
  case invalidNetwork(file: String, NetworkError)
  /// The tokenizer's settings or units are invalid.
  case invalidTokenizer(file: String, TokenizationError)
  /// The network and the tokenizer have different numbers of tokens.
  case vocabularySizeMismatch(file: String, network: Int, tokenizer: Int)
  /// The file has a tensor that does not belong to the network.
  case unexpectedTensor(file: String, tensor: String)
  /// A weight is infinite or NaN.
  case notFinite(file: String, tensor: String)
  /// A weight is beyond the range of float16.
  case tooLargeForFloat16(file: String, tensor: String)
  /// Two tensors that the network ties are not bit-identical.
  case tiedWeightsDiffer(file: String, tensor: String, other: String)
  /// The tokenizer of one of several models, counted from 0, differs from the first model's.
  case tokenizersDiffer(position: Int)
}

extension TextModelError: CustomStringConvertible {
  /// One sentence: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .isCheckpoint(let file):
      "\(quoted(file)) is a checkpoint, not a model: resume its training run, "
        + "or give the model that the run writes."
    case .unknownFormat(let file, let found):
      "\(quoted(file)) is a model of format \(quoted(found)), and this program reads formats 1 and "
        + "2: use a newer charlm."
    case .malformedMetadata(let file, let key, let reason):
      "The metadata entry \(quoted(key)) of \(quoted(file)) is invalid: \(reason); \(getAgain)."
    case .invalidNetwork(let file, let error):
      "The network described in \(quoted(file)) is invalid: \(reason(error)); \(getAgain)."
    case .invalidTokenizer(let file, let error):
      "The tokenizer described in \(quoted(file)) is invalid: \(reason(error)); \(getAgain)."
    case .vocabularySizeMismatch(let file, let network, let tokenizer):
      "The network of \(quoted(file)) has \(network) tokens, its tokenizer \(tokenizer): "
        + "\(getAgain)."
    case .unexpectedTensor(let file, let tensor):
      "\(quoted(file)) has a tensor \(quoted(tensor)) that does not belong to its network: "
        + "\(getAgain)."
    case .notFinite(let file, let tensor):
      "The tensor \(quoted(tensor)) of \(quoted(file)) contains infinities or NaNs: "
        + "train the model again with a lower learning rate."
    case .tooLargeForFloat16(let file, let tensor):
      "\(quoted(file)) cannot hold the tensor \(quoted(tensor)) as float16, because a weight is above "
        + "65,504: store float32."
    case .tiedWeightsDiffer(let file, let tensor, let other):
      "The tensors \(quoted(tensor)) and \(quoted(other)) of \(quoted(file)) differ, "
        + "but its network ties them: \(getAgain)."
    case .tokenizersDiffer(let position):
      "Model \(position + 1) has other characters than the first: "
        + "give models with the same tokenizer, such as models trained on the same text."
    }
  }
}

private let getAgain = "get the model file again"

private func reason(_ error: NetworkError) -> String {
  switch error {
  case .sizeOutOfRange(let name, let value, let range):
    "its \(name) is \(value) and not from \(range.lowerBound) to \(range.upperBound)"
  case .activationNotApplicable(let activation, let cell):
    "its cell \(cell.rawValue) has the activation \(activation.rawValue), which only rnn can have"
  case .unequalGroups(let count, let hiddenSize):
    "it normalizes \(hiddenSize) units in \(count) groups, which cannot be equal"
  case .residualNeedsLayers:
    "it has residual connections and a single layer"
  }
}

/// Describes a fault to someone who received the file; `TokenizationError` addresses its maker.
private func reason(_ error: TokenizationError) -> String {
  switch error {
  case .invalidSettings(.minimumCountTooSmall(let minimumCount)),
    .invalidSettings(.minimumCountOfBytes(let minimumCount)):
    "its minimum count is \(minimumCount)"
  case .vocabularyTooLarge:
    "it has more than \(Vocabulary.maximumUnitCount) units"
  case .malformedUnit(let position, let unit):
    "its unit \(position) is not one \(unit.rawValue)"
  case .unsortedUnits(let position):
    "its unit \(position) is out of order or there twice"
  case .unexpectedUnits(let unit):
    unit == .byte ? "it lists bytes" : "it lists no units"
  case .unitMismatch(let configuration, let vocabulary):
    "its settings say \(configuration.rawValue) and its vocabulary \(vocabulary.rawValue)"
  default: "\(error)"
  }
}
