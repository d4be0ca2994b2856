import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// Makes a model from a file of another tool, and trusts nothing in it.
///
/// ```swift
/// import Interchange
///
/// var settings = ModelImport()
/// settings.vocabulary = ModelImport.VocabularySource(path: "stoi.json")
/// let model = try settings.model(path: "lstm.safetensors", processor: processor)
/// ```
///
/// | source | vocabulary |
/// |---|---|
/// | ONNX or a folder of Hugging Face, written by charlm | in it |
/// | another ONNX file | given |
/// | safetensors with the `state_dict` of a PyTorch module | given, or `tokenizer.json` beside it |
/// | safetensors with the weights of a Keras model by their paths | given |
/// | a checkpoint of char-rnn or torch-rnn (`.t7`) | in it, or given |
///
/// A pickle (`.pt`, `.pth`) is refused, because reading it can run any code.
public struct ModelImport {
  /// A vocabulary to give to a network that has none.
  public struct VocabularySource: Sendable {
    /// The order in which the characters of a text are numbered.
    public enum Order: String, CaseIterable, Sendable {
      /// By their values, as with `sorted(set(text))`.
      case sorted
      /// By their first occurrence.
      case occurrence
      /// The most frequent first.
      case frequency
    }

    /// A JSON file, or a text.
    public var path: String
    /// Of a text.
    public var order: Order

    /// Creates a source.
    public init(path: String, order: Order = .sorted) {
      self.path = path
      self.order = order
    }
  }

  /// The modules of a PyTorch or Keras network, where their names do not say what they are.
  public struct ModuleNames: Sendable {
    /// The embedding.
    public var embedding: String?
    /// The recurrent layers.
    public var layers: String?
    /// The projection to the vocabulary.
    public var head: String?

    /// Creates names; nil for modules that are found without them.
    public init(embedding: String? = nil, layers: String? = nil, head: String? = nil) {
      self.embedding = embedding
      self.layers = layers
      self.head = head
    }
  }

  /// The characters of the tokens; nil if the model itself says them.
  public var vocabulary: VocabularySource?
  /// The modules of a PyTorch or Keras network.
  public var names = ModuleNames()
  /// Of an Elman RNN, which the weights of PyTorch and Keras do not say.
  public var activation = Activation.tanh

  /// Creates settings for a model that says everything about itself.
  public init() {}

  /// - Throws: `ImportError`, `StorageError`, `SafetensorsError` or `TextModelError`.
  public func model(path: String, processor: Processor) throws -> TextModel {
    if isFolder(path) { return try folderModel(path, processor: processor) }
    let file = try MappedFile(path: path)
    if file.withBytes(Self.isPickle) { throw ImportError.pickle(file: path) }
    if file.withBytes(Self.isSafetensors) {
      return try safetensorsModel(path, vocabulary: vocabulary, processor: processor)
    }
    let bytes = file.withBytes { Array($0) }
    switch bytes {
    case _ where path.hasSuffix(".onnx"):
      let file = try ONNXImport(ONNXFile(bytes, file: path))
      if let model = try file.ownModel(processor: processor) { return model }
      return try file.network().model(vocabulary(for: path), processor: processor)
    case _ where Torch7File.isLikely(bytes):
      let (network, own) = try Torch7Import(Torch7File(bytes, file: path)).network()
      let vocabulary = try self.vocabulary.map(Self.read) ?? own
      guard let vocabulary else { throw ImportError.vocabularyNeeded(file: path) }
      return try network.model(vocabulary, processor: processor)
    default: throw ImportError.unknownFormat(file: path)
    }
  }

  /// A folder of Hugging Face.
  private func folderModel(_ path: String, processor: Processor) throws -> TextModel {
    let (weights, tokenizer) = ("\(path)/model.safetensors", "\(path)/tokenizer.json")
    let archive = try SafetensorsArchive(path: weights, verification: .ifPresent)
    if archive.isModel { return try TextModel(archive, processor: processor) }
    let source = vocabulary ?? (fileExists(tokenizer) ? VocabularySource(path: tokenizer) : nil)
    return try safetensorsModel(weights, vocabulary: source, processor: processor)
  }

  private func safetensorsModel(
    _ path: String, vocabulary: VocabularySource?, processor: Processor
  ) throws -> TextModel {
    let archive = try SafetensorsArchive(path: path, verification: .ifPresent)
    guard !archive.isModel else { throw ImportError.isModel(file: path) }
    let network =
      KerasWeights.areLikely(archive)
      ? try KerasWeights(archive, names: names, activation: activation).network()
      : try StateDictionary(archive, names: names, activation: activation).network()
    guard let vocabulary else { throw ImportError.vocabularyNeeded(file: path) }
    return try network.model(Self.read(vocabulary), processor: processor)
  }

  // MARK: Vocabularies

  private func vocabulary(for path: String) throws -> ForeignVocabulary {
    guard let vocabulary else { throw ImportError.vocabularyNeeded(file: path) }
    return try Self.read(vocabulary)
  }

  private static func read(_ source: VocabularySource) throws -> ForeignVocabulary {
    let bytes = try bytes(source.path)
    if source.path.hasSuffix(".json") {
      do {
        return try ForeignVocabulary(json: JSONReader.read(bytes), file: source.path)
      } catch JSONError.malformed(let byteOffset, let expected) {
        throw ImportError.malformedJSON(
          file: source.path, byteOffset: byteOffset, expected: expected)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ImportError.invalidVocabulary(file: source.path, reason: "it is not text in UTF-8")
    }
    return ForeignVocabulary(text: text, order: source.order, file: source.path)
  }

  // MARK: Files

  private static func bytes(_ path: String) throws -> [UInt8] {
    try MappedFile(path: path).withBytes { Array($0) }
  }

  /// A zip archive, as `torch.save` writes, or a pickle of protocol 2 or later.
  private static func isPickle(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 3, 4])
      || bytes.count > 1 && bytes[0] == 0x80 && 2...5 ~= bytes[1]
  }

  /// Eight bytes of a length that fits the file, and the beginning of a JSON object.
  private static func isSafetensors(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
    let length = bytes.loadUnaligned(as: UInt64.self)
    return length <= UInt64(bytes.count - 8)
  }
}
