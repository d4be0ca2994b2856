import Glibc
import Interchange
import Kernels
import ModelFiles
import Tokenization

/// A file in memory whose name stays and whose content changes.
struct ScratchFile {
  let path: String

  init(_ name: String) {
    path = "/dev/shm/charlm-fuzzer-\(getpid())-\(name)"
  }

  func write(_ bytes: UnsafeRawBufferPointer) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    require(descriptor >= 0, "'\(path)' cannot be written")
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.base.baseAddress! + rest.startIndex, rest.count)
      require(count > 0, "'\(path)' cannot be written")
      rest = rest.dropFirst(count)
    }
    close(descriptor)
  }

  func write(_ text: String) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }
}

private let processor = Processor(threadCount: 1)

/// Imports a file. The result must be a model that reads and writes text.
private func importModel(_ path: String, vocabulary: String) {
  var settings = ModelImport()
  settings.vocabulary = ModelImport.VocabularySource(path: vocabulary)
  guard let model = try? settings.model(path: path, processor: processor) else { return }
  let tokens = model.tokenizer.encode("ab\n")
  require(
    tokens.ids.allSatisfy { $0 < model.tokenizer.vocabularySize }, "a token without a row")
  require(
    model.weights.configuration.vocabularySize == model.tokenizer.vocabularySize,
    "a vocabulary of another size")
}

/// A file of another tool whose vocabulary, unless it has its own, is that of the seeds.
struct ImportedFile: FuzzTarget {
  private let file: ScratchFile
  private let vocabulary = ScratchFile("characters.json")

  /// - Parameter name: by which the importer knows the format.
  init(named name: String) {
    file = ScratchFile(name)
    vocabulary.write(#"["b", "\n", "a"]"#)
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    file.write(bytes)
    importModel(file.path, vocabulary: vocabulary.path)
  }
}

/// A vocabulary for a network that is right; CHARLM_FUZZ_NETWORK names its file.
struct ImportedVocabulary: FuzzTarget {
  private let file = ScratchFile("vocabulary.json")
  private let network: String

  init() {
    network = getenv("CHARLM_FUZZ_NETWORK").map { String(cString: $0) } ?? ""
    require(!network.isEmpty, "CHARLM_FUZZ_NETWORK must name a file of weights")
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    file.write(bytes)
    importModel(network, vocabulary: file.path)
  }
}

/// A model file, whose digest is not checked because inputs would never have the right one.
struct ModelFile: FuzzTarget {
  private let file = ScratchFile("model.safetensors")

  init() {}

  func test(_ bytes: UnsafeRawBufferPointer) {
    file.write(bytes)
    guard
      let archive = try? SafetensorsArchive(path: file.path, verification: .none),
      let model = try? TextModel(archive, processor: processor)
    else { return }
    require(
      model.weights.configuration.vocabularySize == model.tokenizer.vocabularySize,
      "a vocabulary of another size")
  }
}
