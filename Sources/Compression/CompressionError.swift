/// Errors in a compressed file, or in the model that compresses or reads it.
public enum CompressionError: Error, Equatable, CustomStringConvertible {
  /// The file does not begin as a compressed file does.
  case notCompressed(file: String)
  /// The file has a format that this program does not read.
  case unknownFormat(file: String, found: Int)
  /// The file differs from what was written.
  case damaged(file: String)
  /// The file was compressed with instructions that this processor does not have.
  case instructionSetUnavailable(file: String, name: String)
  /// The file was compressed with another model.
  case otherModel(file: String)
  /// The model computes other numbers here than where the file was compressed.
  case otherArithmetic(file: String)
  /// The model's logits contain infinities or NaNs somewhere in the text.
  case notFinite(file: String)

  /// The settings that may help, in words.
  public var settings: [String] {
    if case .instructionSetUnavailable = self { ["instruction set"] } else { [] }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .notCompressed(let file):
      "'\(file)' is not a compressed file of charlm: give a file that charlm compress wrote."
    case .unknownFormat(let file, let found):
      "'\(file)' has the compressed format \(found), and this program reads format "
        + "\(CompressedFile.format): use another version of charlm."
    case .damaged(let file):
      "'\(file)' is damaged: get the file again; nothing was written."
    case .instructionSetUnavailable(let file, let name):
      "'\(file)' was compressed with the instruction set \(name), which this processor does not "
        + "have: "
        + "decompress it on one that has it, or compress the text again with the instruction set "
        + "baseline."
    case .otherModel(let file):
      "'\(file)' was compressed with another model: give the model that it was compressed with."
    case .otherArithmetic(let file):
      "The model computes other numbers here than where '\(file)' was compressed, so the file "
        + "cannot be read: "
        + "use the same build of charlm."
    case .notFinite(let file):
      "The model's predictions for '\(file)' contain infinities or NaNs: "
        + "train the model again with a lower learning rate."
    }
  }
}
