import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// A checkpoint file is a safetensors archive with digests of every byte.
///
/// | tensor | shape |
/// |---|---|
/// | `parameters.NAME`, `first_moments.NAME`, `second_moments.NAME`, `averages.NAME`, `best.NAME` | of NAME (`ParameterLayout`), tied ones once |
/// | `carried_state` | B, layers, state vectors of the cell, H |
///
/// | metadata | text |
/// |---|---|
/// | `charlm.checkpoint` | the version of this table, `1` |
/// | `charlm.version` | the version of charlm that wrote the file |
/// | `charlm.run` | JSON of `RunRecord` |
/// | `charlm.tokenizer` | JSON of `Tokenizer` |
/// | `charlm.note.NAME` | the annotation NAME |
extension TrainingCheckpoint {
  private enum Key {
    static let format = TextModel.checkpointKey
    static let run = "charlm.run"
    static let tokenizer = "charlm.tokenizer"
    static let note = "charlm.note."
    static let state = "carried_state"
    static let best = "best"
  }

  // MARK: Writing

  /// Writes the file at `path` atomically: after an error, the previous file is still there.
  /// - Throws: `StorageError`, or `CheckpointError.notFinite`: infinities and NaNs are never
  ///   written.
  public func write(to path: String) throws {
    try write(to: path, using: .system)
  }

  package func write(to path: String, using operations: FileOperations) throws {
    try checkFinite(file: path)
    try writer().write(to: path, using: operations)
  }

  package func writer() throws -> SafetensorsWriter {
    let layout = ParameterLayout(network)
    var tensors = EngineBuffer.allCases.flatMap { kind in
      state.engine.buffers[kind].map { Self.sources($0, kind.rawValue, layout) } ?? []
    }
    tensors += best.map { Self.sources($0, Key.best, layout) } ?? []
    let carried = state.engine.carriedStates.flatMap(\.values)
    tensors.append(
      TensorSource(name: Key.state, shape: Self.stateShape(record), floats: carried))
    var metadata: SafetensorsMetadata = try [
      Key.format: TextModel.format(of: network), TextModel.versionKey: CharlmVersion.current,
      Key.run: MetadataText.encode(record), Key.tokenizer: MetadataText.encode(tokenizer),
    ]
    for (name, text) in annotations { metadata[Key.note + name] = text }
    return SafetensorsWriter(tensors: tensors, metadata: metadata)
  }

  private static func sources(
    _ parameters: SharedParameters, _ kind: String, _ layout: ParameterLayout
  ) -> [TensorSource] {
    layout.storedTensors.map { tensor in
      TensorSource(name: "\(kind).\(tensor.name)", elementType: .float32, shape: tensor.shape) {
        try $0(UnsafeRawBufferPointer(parameters.values.values(of: tensor)))
      }
    }
  }

  private static func stateShape(_ record: RunRecord) -> [Int] {
    let network = record.network
    return [
      record.configuration.batchSize, network.layerCount, network.cell.stateVectorCount,
      network.hiddenSize,
    ]
  }

  /// Rejects infinities and NaNs.
  private func checkFinite(file: String) throws {
    let layout = ParameterLayout(network)
    let kinds =
      state.engine.buffers.map { ($0.key.rawValue, $0.value) }
      + (best.map { [(Key.best, $0)] } ?? [])
    for (kind, parameters) in kinds {
      for tensor in layout.storedTensors {
        guard parameters.values.values(of: tensor).allSatisfy(\.isFinite) else {
          throw CheckpointError.notFinite(file: file, tensor: "\(kind).\(tensor.name)")
        }
      }
    }
    guard state.engine.carriedStates.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      throw CheckpointError.notFinite(file: file, tensor: Key.state)
    }
  }

  // MARK: Reading

  /// Reads the checkpoint at `path`, and trusts nothing in it.
  /// - Throws: `StorageError`, `SafetensorsError`, `TextModelError` or `CheckpointError`.
  public init(path: String) throws {
    try self.init(SafetensorsArchive(path: path))
  }

  /// Reads a checkpoint from an archive.
  /// - Throws: `SafetensorsError`, `TextModelError` or `CheckpointError`.
  public init(_ archive: SafetensorsArchive) throws {
    guard let format = archive.metadata[Key.format] else {
      throw CheckpointError.notACheckpoint(file: archive.name)
    }
    guard TextModel.formats.contains(format) else {
      throw CheckpointError.unknownFormat(file: archive.name, found: format)
    }
    let record: RunRecord = try MetadataText.decode(Key.run, of: archive)
    let tokenizer: Tokenizer = try MetadataText.decode(Key.tokenizer, of: archive)
    try record.check(vocabularySize: tokenizer.vocabularySize, file: archive.name)
    let layout = ParameterLayout(record.network)
    let kinds = record.configuration.buffers
    let names = kinds.map(\.rawValue) + (record.best == nil ? [] : [Key.best])
    try Self.checkTensors(of: archive, names, layout, stateShape: Self.stateShape(record))
    var buffers: [EngineBuffer: SharedParameters] = [:]
    for kind in kinds { buffers[kind] = try Self.read(kind.rawValue, of: archive, layout) }
    let state = try TrainerState(
      record.position, buffers: buffers, carriedStates: Self.readStates(of: archive, record))
    self.init(
      record: record, tokenizer: tokenizer, state: state,
      best: try record.best.map { _ in try Self.read(Key.best, of: archive, layout) })
    for key in archive.metadata.keys where key.utf8.starts(with: Key.note.utf8) {
      annotations[String(decoding: key.utf8.dropFirst(Key.note.utf8.count), as: UTF8.self)] =
        archive.metadata[key]
    }
    try checkFinite(file: archive.name)
  }

  /// Compares the archive's table of tensors with the record, before memory is allocated for them.
  private static func checkTensors(
    of archive: SafetensorsArchive, _ kinds: [String], _ layout: ParameterLayout, stateShape: [Int]
  ) throws {
    var shapes = [Key.state: stateShape]
    for kind in kinds {
      for tensor in layout.storedTensors { shapes["\(kind).\(tensor.name)"] = tensor.shape }
    }
    for (name, shape) in shapes {
      let found = try archive.tensor(named: name).shape
      guard found == shape else {
        throw SafetensorsError.shapeMismatch(
          file: archive.name, tensor: name, expected: shape, found: found)
      }
    }
    if let extra = archive.tensors.first(where: { shapes[$0.name] == nil }) {
      throw TextModelError.unexpectedTensor(file: archive.name, tensor: extra.name)
    }
  }

  private static func read(
    _ kind: String, of archive: SafetensorsArchive, _ layout: ParameterLayout
  ) throws -> SharedParameters {
    let parameters = ParameterBuffer(layout: layout)
    for tensor in layout.storedTensors {
      try archive.copyFloats(
        of: "\(kind).\(tensor.name)", shape: tensor.shape, into: parameters.values(of: tensor))
    }
    return SharedParameters(parameters)
  }

  private static func readStates(
    of archive: SafetensorsArchive, _ record: RunRecord
  ) throws -> [RecurrentState] {
    let shape = stateShape(record)
    let values = try archive.floats(of: Key.state, shape: shape)
    let count = shape.dropFirst().reduce(1, *)
    return (0..<shape[0]).map { row in
      var state = RecurrentState(record.network)
      state.values = Array(values[row * count..<(row + 1) * count])
      return state
    }
  }
}

extension ParameterLayout {
  /// Writes each range of floats once, even if two names share it.
  fileprivate var storedTensors: [Tensor] {
    tensors.filter { $0.name != outputWeight.name || $0.offset != embedding.offset }
  }
}

extension TrainingConfiguration {
  /// The kinds of buffers of an engine with these settings.
  fileprivate var buffers: [EngineBuffer] {
    let moments: [EngineBuffer] = [.firstMoments, .secondMoments]
    return [.parameters] + moments.prefix(updateRule.momentCount)
      + (keepsAverage ? [.averages] : [])
  }
}

extension RunRecord {
  /// The largest count that a `Double` holds exactly, together with all smaller ones.
  private static let largestCount = 1 << 53

  /// Rejects contents that no run can produce.
  fileprivate func check(vocabularySize: Int, file: String) throws {
    func impossible(_ reason: String) -> CheckpointError { .impossible(file: file, reason: reason) }
    do {
      try network.validate()
      try configuration.validate(for: network.cell)
    } catch {
      throw impossible("\(error)")
    }
    guard network.vocabularySize == vocabularySize else {
      throw impossible(
        "its network has \(network.vocabularySize) tokens, its tokenizer \(vocabularySize).")
    }
    let counts = [
      position.stepCount, position.updateCount, position.lanePosition, position.epochCount,
      counters.validatedStepCount, counters.validationsSinceBest, counters.skipsInARow,
      counters.rollbackCount, counters.snapshotStepCount ?? 0, counters.earlierSteps ?? 0,
      tokenCount, validationTokenCount ?? 0, position.averageCount ?? 0,
    ]
    let amounts = [
      consumed.characters, consumed.seconds, consumed.pausedSeconds, consumed.reservedSeconds,
    ]
    guard counts.allSatisfy({ 0...Self.largestCount ~= $0 }),
      amounts.allSatisfy({ 0...Double(Self.largestCount) ~= $0 }),
      position.updateCount <= position.stepCount,
      position.averageCount ?? 0 <= position.updateCount,
      counters.validatedStepCount <= position.stepCount, consumed.stepCount == position.stepCount,
      counters.learningRateScale > 0, counters.learningRateScale <= 1
    else {
      throw impossible("its counts contradict each other.")
    }
  }
}
