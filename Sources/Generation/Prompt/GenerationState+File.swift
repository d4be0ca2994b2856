import ModelFiles
import RecurrentNetwork
import Tokenization

/// The file: a safetensors archive with digests of every byte.
///
/// | tensor | shape |
/// |---|---|
/// | `state.M` of network M, from 0 | layers, state vectors of the cell, H |
/// | `recent_tokens`, U16 | up to 1,024, the oldest first |
/// | `unread_token`, U16 | 1 |
///
/// | metadata | text |
/// |---|---|
/// | `charlm.context` | the version of this table, `1` |
/// | `charlm.models` | JSON list of the models' digests (`TextModel.digest`) |
extension GenerationState {
  private enum Key {
    static let format = "charlm.context"
    static let models = "charlm.models"
    static let recent = "recent_tokens"
    static let unread = "unread_token"
    static func state(_ index: Int) -> String { "state.\(index)" }
  }

  private static let format = "1"

  /// Writes the file at `path`, atomically: after an error nothing is written.
  /// - Parameters:
  ///   - path: the path of the file.
  ///   - models: the models that have read the text, in the order of the states.
  /// - Throws: `StorageError`, or `GenerationError.stateNotFinite`.
  public func write(to path: String, models: [TextModel]) throws {
    precondition(models.count == states.count, "there must be a state for each model")
    guard states.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      throw GenerationError.stateNotFinite(file: path)
    }
    var tensors: [TensorSource] = []
    for (index, (state, model)) in zip(states, models).enumerated() {
      tensors.append(
        TensorSource(
          name: Key.state(index), shape: Self.shape(model.weights.configuration),
          floats: state.values))
    }
    tensors.append(Self.source(Key.recent, recent.tokens))
    tensors.append(Self.source(Key.unread, [pendingToken]))
    let metadata: SafetensorsMetadata = try [
      Key.format: Self.format, Key.models: MetadataText.encode(models.map { $0.digest().hex }),
    ]
    try SafetensorsWriter(tensors: tensors, metadata: metadata).write(to: path)
  }

  /// Reads and validates the untrusted state at `path`.
  /// - Parameters:
  ///   - path: the path of the file.
  ///   - models: the models that are to continue, in the order of those that read the text.
  /// - Throws: `StorageError`, `SafetensorsError`, `TextModelError` or `GenerationError`.
  public init(path: String, models: [TextModel]) throws {
    try self.init(SafetensorsArchive(path: path), models: models)
  }

  /// Reads and validates a state from an archive.
  /// - Throws: `SafetensorsError`, `TextModelError` or `GenerationError`.
  public init(_ archive: SafetensorsArchive, models: [TextModel]) throws {
    guard archive.metadata[Key.format] == Self.format else {
      throw GenerationError.notAState(file: archive.name)
    }
    let digests: [String] = try MetadataText.decode(Key.models, of: archive)
    guard digests == models.map({ $0.digest().hex }) else {
      throw GenerationError.stateOfOtherModel(file: archive.name)
    }
    let names = Set(models.indices.map(Key.state) + [Key.recent, Key.unread])
    if let extra = archive.tensors.first(where: { !names.contains($0.name) }) {
      throw TextModelError.unexpectedTensor(file: archive.name, tensor: extra.name)
    }
    let states = try models.enumerated().map { index, model in
      let configuration = model.weights.configuration
      var state = RecurrentState(configuration)
      state.values = try archive.floats(of: Key.state(index), shape: Self.shape(configuration))
      guard state.values.allSatisfy(\.isFinite) else {
        throw TextModelError.notFinite(file: archive.name, tensor: Key.state(index))
      }
      return state
    }
    self.init(states: states)
    let vocabularySize = models[0].tokenizer.vocabularySize
    recent.append(
      contentsOf: try Self.tokens(Key.recent, of: archive, 0...Self.recentCapacity, vocabularySize))
    pendingToken = try Self.tokens(Key.unread, of: archive, 1...1, vocabularySize)[0]
  }

  private static func shape(_ network: NetworkConfiguration) -> [Int] {
    [network.layerCount, network.cell.stateVectorCount, network.hiddenSize]
  }

  private static func source(_ name: String, _ tokens: [TokenID]) -> TensorSource {
    TensorSource(
      name: name, elementType: .uint16, shape: [tokens.count],
      bytes: tokens.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
  }

  private static func tokens(
    _ name: String, of archive: SafetensorsArchive, _ counts: ClosedRange<Int>,
    _ vocabularySize: Int
  ) throws -> [TokenID] {
    let tensor = try archive.tensor(named: name)
    guard tensor.elementType == .uint16 else {
      throw SafetensorsError.elementTypeMismatch(
        file: archive.name, tensor: name, expected: .uint16, found: tensor.elementType)
    }
    let tokens: [TokenID] = try archive.withBytes(of: name) { bytes in
      stride(from: 0, to: bytes.count, by: 2).map {
        TokenID(bytes[$0]) | TokenID(bytes[$0 + 1]) << 8
      }
    }
    guard tensor.shape.count == 1, counts ~= tokens.count,
      tokens.allSatisfy({ Int($0) < vocabularySize })
    else { throw GenerationError.invalidTokens(file: archive.name, tensor: name) }
    return tokens
  }
}
