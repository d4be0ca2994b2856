/// What can be wrong with a compressed file, or with the model that is to compress or to read it.
public enum CompressionError: Error, Equatable, CustomStringConvertible {
  /// The file does not begin as a compressed one does.
  case notCompressed(file: String)
  /// The file is of another format than this program reads.
  case unknownFormat(file: String, found: Int)
  /// The file is not as it was written.
  case damaged(file: String)
  /// The file was compressed with instructions that this processor does not have.
  case instructionSetUnavailable(file: String, name: String)
  /// The file was compressed with another model.
  case otherModel(file: String)
  /// The model gives other numbers here than where the file was compressed.
  case otherArithmetic(file: String)
  /// The model's logits are infinite or not numbers somewhere in the text.
  case notFinite(file: String)

  public var description: String {
    switch self {
    case .notCompressed(let file):
      "'\(file)' is no file that charlm compressed: name one that charlm compress wrote."
    case .unknownFormat(let file, let found):
      "'\(file)' is compressed in format \(found), and this program reads format "
        + "\(CompressedFile.format): use another version of charlm."
    case .damaged(let file):
      "'\(file)' is damaged: get the file again; nothing was written."
    case .instructionSetUnavailable(let file, let name):
      "'\(file)' was compressed with the instruction set \(name), which this processor does not have: "
        + "decompress it on one that does, or compress it anew with --instruction-set baseline."
    case .otherModel(let file):
      "'\(file)' was compressed with another model: name the model that charlm compress was given."
    case .otherArithmetic(let file):
      "The model gives other numbers here than where '\(file)' was compressed, so it cannot be read: "
        + "use the same build of charlm."
    case .notFinite(let file):
      "The model's predictions for '\(file)' are not finite numbers: "
        + "train the model again with a lower learning rate."
    }
  }
}
