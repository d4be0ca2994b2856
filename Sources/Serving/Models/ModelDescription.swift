import Glibc
import ModelFiles
import RecurrentNetwork
import Tokenization

/// What a model's file says about it, for lists of models.
package struct ModelDescription: Sendable, Encodable {
  package let id: String
  package let object = "model"
  /// Seconds since 1970: when the file was written.
  package let created: Int
  package let ownedBy = "charlm"
  package let charlm: Details

  package struct Details: Sendable, Encodable {
    package let unit: String
    package let vocabularySize: Int
    /// The characters of the vocabulary; absent if the unit is the byte.
    package let characters: [String]?
    package let parameters: Int
    package let cell: String
    package let layers: Int
    package let hiddenSize: Int
    package let documents: String
    package let validationBitsPerCharacter: Double?
    package let trainedOn: [String]
    package let bytes: Int
  }

  /// Reads everything except the weights.
  /// - Throws: `StorageError`, `SafetensorsError` or `TextModelError`.
  init(id: String, file: ModelFile) throws {
    let archive = try file.archive(verification: .none)
    let metadata = try ModelMetadata(archive)
    let (network, tokenizer) = (metadata.network, metadata.tokenizer)
    let isBytes = tokenizer.configuration.unit == .byte
    self.id = id
    created = file.modified
    charlm = Details(
      unit: tokenizer.configuration.unit.rawValue, vocabularySize: tokenizer.vocabularySize,
      characters: isBytes
        ? nil
        : (Vocabulary.firstUnit..<tokenizer.vocabularySize).map {
          tokenizer.vocabulary.spelling(of: TokenID($0))
        },
      parameters: ParameterLayout(network).count,
      cell: network.cell.rawValue, layers: network.layerCount, hiddenSize: network.hiddenSize,
      documents: tokenizer.configuration.documents.rawValue,
      validationBitsPerCharacter: tokenizer.configuration.unit == .scalar
        ? metadata.training.validationNatsPerToken.map { $0 / log(2) } : nil,
      trainedOn: metadata.training.sources?.texts.map(\.name) ?? [], bytes: file.byteCount)
  }
}

/// A file of a model, as it was when the folder was read, or a built-in model.
struct ModelFile: Equatable, Sendable {
  let builtIn: BuiltInModel?
  let path: String
  let byteCount: Int
  /// Seconds since 1970.
  let modified: Int
  let modifiedNanoseconds: Int

  init(path: String, byteCount: Int, modified: Int, modifiedNanoseconds: Int) {
    builtIn = nil
    self.path = path
    self.byteCount = byteCount
    self.modified = modified
    self.modifiedNanoseconds = modifiedNanoseconds
  }

  init(_ model: BuiltInModel) {
    builtIn = model
    path = model.rawValue
    byteCount = model.byteCount
    (modified, modifiedNanoseconds) = (0, 0)
  }

  /// - Throws: `StorageError` or `SafetensorsError`.
  func archive(verification: SafetensorsVerification = .required) throws -> SafetensorsArchive {
    try builtIn?.archive() ?? SafetensorsArchive(path: path, verification: verification)
  }
}
