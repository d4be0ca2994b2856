import Interchange
import ModelFiles
import Tokenization

/// Imports a file. The result must be a model that reads and writes text.
private func importModel(_ path: String, vocabulary: String) {
  var settings = ModelImport()
  settings.vocabulary = ModelImport.VocabularySource(path: vocabulary)
  guard let model = try? settings.model(path: path, processor: Sample.processor) else { return }
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
    network = environment("CHARLM_FUZZ_NETWORK")
    require(!network.isEmpty, "CHARLM_FUZZ_NETWORK must name a file of weights")
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    file.write(bytes)
    importModel(network, vocabulary: file.path)
  }
}
