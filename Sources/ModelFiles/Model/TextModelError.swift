import RecurrentNetwork
import Tokenization

/// What can be wrong with a safetensors file that is whole but is to be a text model, or one of several.
public enum TextModelError: Error, Equatable {
  /// The file is a checkpoint of a training run.
  case isCheckpoint(file: String)
  /// The file is of a later format than this program reads.
  case unknownFormat(file: String, found: String)
  /// A JSON text of the metadata is not what its key promises.
  case malformedMetadata(file: String, key: String, reason: String)
  /// The network's sizes cannot be.
  case invalidNetwork(file: String, NetworkError)
  /// The tokenizer's settings or units cannot be.
  case invalidTokenizer(file: String, TokenizationError)
  /// The network has another number of tokens than the tokenizer.
  case vocabularySizeMismatch(file: String, network: Int, tokenizer: Int)
  /// The file has a tensor that the network has not.
  case unexpectedTensor(file: String, tensor: String)
  /// A weight is infinite or not a number.
  case notFinite(file: String, tensor: String)
  /// The network ties two tensors that are not the same to the bit.
  case tiedWeightsDiffer(file: String, tensor: String, other: String)
  /// A model among several, counted from 0, has another tokenizer than the first.
  case tokenizersDiffer(position: Int)
}

extension TextModelError: CustomStringConvertible {
  /// One sentence: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .isCheckpoint(let file):
      "\(quoted(file)) is a checkpoint and no model: go on with its training with charlm train --resume, "
        + "or name the model that the training writes."
    case .unknownFormat(let file, let found):
      "\(quoted(file)) is a model of format \(quoted(found)), and this program reads format "
        + "'\(TextModel.format)': use a newer charlm."
    case .malformedMetadata(let file, let key, let reason):
      "The metadata entry \(quoted(key)) of \(quoted(file)) cannot be read, \(reason): \(getAgain)."
    case .invalidNetwork(let file, let error):
      "The network of \(quoted(file)) cannot be, \(reason(error)): \(getAgain)."
    case .invalidTokenizer(let file, let error):
      "The tokenizer of \(quoted(file)) cannot be, \(reason(error)): \(getAgain)."
    case .vocabularySizeMismatch(let file, let network, let tokenizer):
      "The network of \(quoted(file)) has \(network) tokens, its tokenizer \(tokenizer): \(getAgain)."
    case .unexpectedTensor(let file, let tensor):
      "\(quoted(file)) has a tensor \(quoted(tensor)) that its network has not: \(getAgain)."
    case .notFinite(let file, let tensor):
      "The tensor \(quoted(tensor)) of \(quoted(file)) holds numbers that are not finite: "
        + "train the model again with a lower learning rate."
    case .tiedWeightsDiffer(let file, let tensor, let other):
      "The tensors \(quoted(tensor)) and \(quoted(other)) of \(quoted(file)) differ, and its network ties them: "
        + "\(getAgain)."
    case .tokenizersDiffer(let position):
      "Model \(position + 1) has other characters than the first: only models of one tokenizer can predict together, "
        + "as those trained on the same text."
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
  case .tiedSizesDiffer(let embeddingSize, let hiddenSize):
    "its embeddings are tied, but of size \(embeddingSize) and not of its hidden size \(hiddenSize)"
  }
}

/// `TokenizationError` itself speaks to someone who makes a tokenizer, not to one who was given it.
private func reason(_ error: TokenizationError) -> String {
  switch error {
  case .minimumCountTooSmall(let minimumCount), .minimumCountOfBytes(let minimumCount):
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
