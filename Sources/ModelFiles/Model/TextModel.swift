import Kernels
import RecurrentNetwork
import Tokenization

/// A trained model in one `.safetensors` file: the network's weights, the tokenizer, and a record
/// of training.
///
/// ```swift
/// import Kernels
/// import ModelFiles
/// import RecurrentNetwork
/// import Tokenization
///
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// var predictor = Predictor(weights: model.weights, processor: processor)
/// var state = RecurrentState(model.weights.configuration)
/// var logits: [Float] = []
/// let prompt = model.tokenizer.encode("Once upon a time").ids
/// predictor.advance([Vocabulary.endOfText] + prompt, state: &state, logits: &logits)
/// ```
///
/// The tensors have PyTorch's names and shapes (`ParameterLayout`), as F32 or F16. Besides the digests,
/// `__metadata__` holds
///
/// | key | text |
/// |---|---|
/// | `format` | `pt`: how the tensors are laid out, as Hugging Face's tools write it |
/// | `charlm.format` | the version of this table, `1`, or `2` with residual connections |
/// | `charlm.version` | the version of charlm that wrote the file; older files do not have it |
/// | `charlm.network` | JSON of `NetworkConfiguration` |
/// | `charlm.tokenizer` | JSON of `Tokenizer` |
/// | `charlm.training` | JSON of `TrainingSummary` |
///
/// `docs/model-file.md` shows how to read and verify the file in Python.
public struct TextModel: Sendable {
  /// The network.
  public let weights: NetworkWeights
  /// The tokenizer that the network was trained with.
  public let tokenizer: Tokenizer
  /// What the network was trained on, and how.
  public let training: TrainingSummary

  /// The formats of models and checkpoints that this program reads.
  package static let formats = ["1", "2"]

  /// The format of a file with this network. Programs that read only format 1 ignore residual
  /// connections, so they would predict something else.
  package static func format(of network: NetworkConfiguration) -> String {
    network.isResidual ? "2" : "1"
  }

  /// The metadata entry that only training checkpoints have: their format.
  package static let checkpointKey = "charlm.checkpoint"
  /// The metadata entry of models and checkpoints with the version of charlm that wrote them. It is
  /// a note for people; nothing depends on it.
  package static let versionKey = "charlm.version"

  /// - Precondition: the network has as many tokens as the tokenizer.
  public init(weights: NetworkWeights, tokenizer: Tokenizer, training: TrainingSummary) {
    precondition(weights.configuration.vocabularySize == tokenizer.vocabularySize)
    self.weights = weights
    self.tokenizer = tokenizer
    self.training = training
  }

  /// Reads the model file at `path`, and trusts nothing in it.
  /// - Parameters:
  ///   - path: the path of the file.
  ///   - precision: the precision of products, whatever the file holds.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Throws: `StorageError`, `SafetensorsError` or `TextModelError`.
  public init(
    path: String, precision: WeightPrecision = .float32, processor: Processor
  ) throws {
    try self.init(SafetensorsArchive(path: path), precision: precision, processor: processor)
  }

  /// Reads a model from an archive.
  /// - Throws: `SafetensorsError` or `TextModelError`.
  public init(
    _ archive: SafetensorsArchive, precision: WeightPrecision = .float32, processor: Processor
  ) throws {
    let metadata = try ModelMetadata(archive)
    let layout = ParameterLayout(metadata.network)
    try Self.checkTensors(of: archive, layout)
    let parameters = ParameterBuffer(layout: layout)
    for tensor in layout.tensors {
      let values = parameters.values(of: tensor)
      try archive.copyFloats(of: tensor.name, shape: tensor.shape, into: values)
      guard values.allSatisfy(\.isFinite) else {
        throw TextModelError.notFinite(file: archive.name, tensor: tensor.name)
      }
    }
    if metadata.network.tiesEmbeddings { try Self.checkTie(in: archive, layout) }
    weights = NetworkWeights(
      configuration: metadata.network, parameters: parameters, precision: precision,
      processor: processor)
    tokenizer = metadata.tokenizer
    training = metadata.training
  }

  /// The record of training of a model's archive, without its weights.
  /// - Throws: `SafetensorsError` or `TextModelError`.
  package static func training(of archive: SafetensorsArchive) throws -> TrainingSummary {
    try ModelMetadata(archive).training
  }

  /// Compares the two tensors that share a range of the parameters.
  private static func checkTie(in archive: SafetensorsArchive, _ layout: ParameterLayout) throws {
    let (first, second) = (layout.embedding.name, layout.outputWeight.name)
    let isSame = try archive.withBytes(of: first) { first in
      try archive.withBytes(of: second) { first.elementsEqual($0) }
    }
    guard isSame else {
      throw TextModelError.tiedWeightsDiffer(file: archive.name, tensor: first, other: second)
    }
  }

  /// Compares the archive's table of tensors with the network's, before memory is allocated for it.
  private static func checkTensors(
    of archive: SafetensorsArchive, _ layout: ParameterLayout
  ) throws {
    for tensor in layout.tensors {
      let found = try archive.tensor(named: tensor.name)
      guard found.shape == tensor.shape else {
        throw SafetensorsError.shapeMismatch(
          file: archive.name, tensor: tensor.name, expected: tensor.shape, found: found.shape)
      }
    }
    let names = Set(layout.tensors.map(\.name))
    if let extra = archive.tensors.first(where: { !names.contains($0.name) }) {
      throw TextModelError.unexpectedTensor(file: archive.name, tensor: extra.name)
    }
  }

  /// Writes the model file at `path` atomically: an error leaves no partial file.
  /// - Throws: `StorageError`, or `TextModelError.tooLargeForFloat16`.
  public func write(to path: String, storage: WeightStorage = .float32) throws {
    if storage == .float16 { try checkFloat16(file: path) }
    try writer(storage: storage).write(to: path)
  }

  private func checkFloat16(file: String) throws {
    for tensor in weights.parameters.layout.tensors {
      let values = weights.parameters.values(of: tensor)
      guard values.allSatisfy({ Float16($0).isFinite }) else {
        throw TextModelError.tooLargeForFloat16(file: file, tensor: tensor.name)
      }
    }
  }

  /// The writer of the model's file; it shares the weights.
  package func writer(storage: WeightStorage = .float32) throws -> SafetensorsWriter {
    let parameters = weights.parameters.layout.tensors.map { tensor in
      TensorSource(name: tensor.name, elementType: storage.elementType, shape: tensor.shape) {
        [weights] consume in
        let values = weights.parameters.values(of: tensor)
        try storage.forEachPiece(of: UnsafeBufferPointer(values), consume)
      }
    }
    return try SafetensorsWriter(tensors: parameters, metadata: metadataTexts())
  }

  /// The metadata of the model's file.
  package func metadataTexts() throws -> SafetensorsMetadata {
    let metadata = ModelMetadata(
      network: weights.configuration, tokenizer: tokenizer, training: training)
    return try metadata.texts()
  }
}

extension TextModel {
  /// The common tokenizer of `models`, of which there is at least one.
  /// - Throws: `TextModelError.tokenizersDiffer`.
  package static func sharedTokenizer(of models: [TextModel]) throws(TextModelError) -> Tokenizer {
    for (position, model) in models.enumerated() where model.tokenizer != models[0].tokenizer {
      throw .tokenizersDiffer(position: position)
    }
    return models[0].tokenizer
  }
}

extension SafetensorsMetadata {
  /// Whether these are the texts of a model.
  package var describesModel: Bool { self[ModelMetadata.Key.format] != nil }
}

extension SafetensorsArchive {
  /// Whether this is a model that can generate, in any format.
  package var isModel: Bool { metadata.describesModel }
  /// Whether this is a checkpoint of a training run.
  package var isCheckpoint: Bool { metadata[TextModel.checkpointKey] != nil }
}
