import Compression
import Generation
import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization
import Training

/// A small model, and the last checkpoint of its training.
struct Sample {
  let model: TextModel
  let checkpoint: TrainingCheckpoint

  static let processor = Processor(threadCount: 1)

  init() throws {
    let source = TextSource.text(
      String(repeating: "a cab, a \u{E9}\u{301}b\n", count: 30), name: "text")
    let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
    let tokens = try TokenFile.write(
      [source], tokenizer: tokenizer, beside: ScratchFile("model").path)
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 2, hiddenSize: 3, layerCount: 1)
    var configuration = TrainingConfiguration()
    configuration.batchSize = 2
    configuration.windowLength = 8
    configuration.budget = .init(4, .steps)
    configuration.evaluateEvery = 2
    configuration.averageDecay = 0.5
    let run = try TrainingRun(
      tokens: tokens, tokenizer: tokenizer, network: network, configuration: configuration,
      processor: Self.processor)
    var checkpoint: TrainingCheckpoint?
    model = try run.run(checkpoints: CheckpointPlan(seconds: 0)) { event in
      if case .checkpoint(let written) = event { checkpoint = written }
    }.model
    self.checkpoint = checkpoint!
  }
}

/// An archive from bytes, whose digests are not checked because inputs would never have the right
/// ones.
private func archive(_ bytes: UnsafeRawBufferPointer) -> SafetensorsArchive? {
  try? SafetensorsArchive(bytes: Array(bytes), name: "input", verification: .none)
}

/// A model file. What is read must be what is written again.
struct ModelFile: FuzzTarget {
  let seeds: [[UInt8]]

  init() throws {
    seeds = [try Sample().model.writer().bytes(name: "seed")]
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let archive = archive(bytes),
      let model = try? TextModel(archive, processor: Sample.processor)
    else { return }
    require(
      model.weights.configuration.vocabularySize == model.tokenizer.vocabularySize,
      "a vocabulary of another size")
    guard let written = try? model.writer().bytes(name: "model") else {
      fatalError("a model that was read cannot be written")
    }
    let again = try? TextModel(
      SafetensorsArchive(bytes: written, name: "model"), processor: Sample.processor)
    require(again?.digest() == model.digest(), "another model after writing")
  }
}

/// A checkpoint.
struct Checkpoint: FuzzTarget {
  let seeds: [[UInt8]]

  init() throws {
    seeds = [try Sample().checkpoint.writer().bytes(name: "seed")]
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let archive = archive(bytes), let checkpoint = try? TrainingCheckpoint(archive) else {
      return
    }
    guard let written = try? checkpoint.writer().bytes(name: "checkpoint") else {
      fatalError("a checkpoint that was read cannot be written")
    }
    let again = try? TrainingCheckpoint(SafetensorsArchive(bytes: written, name: "checkpoint"))
    require(again != nil, "a checkpoint that was written cannot be read")
  }
}

/// The state of a model after a text, from which a generator must be able to continue.
struct SavedState: FuzzTarget {
  let seeds: [[UInt8]]
  private let model: TextModel

  init() throws {
    model = try Sample().model
    let file = ScratchFile("state.safetensors")
    var generator = TextGenerator(model, processor: Sample.processor)
    var state = generator.initialState
    _ = try generator.read(.text("a cab, a b", name: "text"), into: &state)
    try state.write(to: file.path, models: [model])
    seeds = [file.read()]
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let archive = archive(bytes),
      var state = try? GenerationState(archive, models: [model]),
      let prompt = try? Prompt("", tokenizer: model.tokenizer)
    else { return }
    var generator = TextGenerator(model, processor: Sample.processor)
    var settings = SamplerSettings()
    settings.penalties.repetition = 1.5
    let result = try? generator.generate(
      after: prompt, from: &state, until: StoppingCriteria(length: 3), settings: settings, seed: 1)
    require(result != nil, "a state that was read cannot be continued")
  }
}

/// A compressed file with the right beginning and checksum.
struct Compressed: FuzzTarget {
  let seeds: [[UInt8]]
  private let header: ArraySlice<UInt8>
  private let model: TextModel
  private let file = ScratchFile("text.charlm")
  private let original = ScratchFile("text")

  init() throws {
    model = try Sample().model
    var compressor = TextCompressor(model, processor: Sample.processor)
    let texts = ["", "a cab\n", "a z\u{1F600}, \u{0} c", String(repeating: "ab", count: 200)]
    var files: [[UInt8]] = []
    for text in texts {
      _ = try compressor.compress(.text(text, name: "text"), to: file.path)
      files.append(file.read())
    }
    header = files[0].prefix(CompressedFile.headerByteCount)
    seeds = files.map {
      Array($0.dropFirst(CompressedFile.headerByteCount).dropLast(CompressedFile.checksumByteCount))
    }
  }

  /// - Parameter bytes: those between the header and the checksum.
  func test(_ bytes: UnsafeRawBufferPointer) {
    var content = header + bytes
    content += content.withUnsafeBytes { SHA256Digest(of: $0).bytes }.prefix(
      CompressedFile.checksumByteCount)
    content.withUnsafeBytes { file.write($0) }
    guard let compressed = try? CompressedFile(path: file.path),
      compressed.originalByteCount < 4_000
    else { return }
    var decompressor = TextDecompressor(model, processor: Sample.processor)
    guard (try? decompressor.decompress(compressed, to: original.path)) != nil else { return }
    require(original.read().count == compressed.originalByteCount, "a text of another length")
  }
}
