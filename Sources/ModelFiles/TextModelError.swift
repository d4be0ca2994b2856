import RecurrentNetwork

/// What can be wrong with a safetensors file that is whole but is to be a text model.
public enum TextModelError: Error, Equatable, CustomStringConvertible {
  /// A JSON text of the metadata is not what its key promises.
  case malformedMetadata(file: String, key: String, reason: String)
  /// The file is of a later format than this program reads.
  case unknownFormat(file: String, found: String)
  /// The network's sizes cannot be.
  case invalidNetwork(file: String, reason: String)
  /// The network has another number of tokens than the tokenizer.
  case vocabularySizeMismatch(file: String, network: Int, tokenizer: Int)
  /// The file has a tensor that the network has not.
  case unexpectedTensor(file: String, tensor: String)
  /// A weight is infinite or not a number.
  case notFinite(file: String, tensor: String)

  public var description: String {
    switch self {
    case .malformedMetadata(let file, let key, let reason):
      "The metadata '\(key)' of '\(file)' cannot be read (\(reason)): get the model file again."
    case .unknownFormat(let file, let found):
      "'\(file)' is a model of format \(found), and this program reads format "
        + "\(TextModel.format): use a newer charlm."
    case .invalidNetwork(let file, let reason):
      "The metadata of '\(file)' describes a network that cannot be (\(reason)): "
        + "get the model file again."
    case .vocabularySizeMismatch(let file, let network, let tokenizer):
      "The network of '\(file)' has \(network) tokens, its tokenizer \(tokenizer): "
        + "get the model file again."
    case .unexpectedTensor(let file, let tensor):
      "'\(file)' has a tensor '\(tensor)' that its network has not: get the model file again."
    case .notFinite(let file, let tensor):
      "The tensor '\(tensor)' of '\(file)' holds numbers that are not finite: "
        + "train the model again with a lower learning rate."
    }
  }
}
