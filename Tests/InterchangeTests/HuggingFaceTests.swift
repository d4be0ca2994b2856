import Foundation
import Interchange
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

/// Folders of Hugging Face. scripts/check-formats.sh holds the tokenizers against their library.
@Suite struct HuggingFaceTests {
  private static let processor = Processor(threadCount: 1)

  @Test func aFolderComesBackToTheBit() throws {
    let folder = try TemporaryFolder()
    let model = try ONNXTests.model(ONNXTests.networks[2])
    let path = folder.path("hub")
    try HuggingFaceFolder(model, named: "sample", commands: ["do so"], hasCode: true)
      .write(to: path)
    for name in HuggingFaceFolder.fileNames(hasCode: true) {
      #expect(FileManager.default.fileExists(atPath: "\(path)/\(name)"), "\(name)")
    }
    let back = try ModelImport().model(path: path, processor: Self.processor)
    #expect(back.tokenizer == model.tokenizer)
    #expect(ONNXTests.weights(back) == ONNXTests.weights(model))
    let card = try String(contentsOfFile: "\(path)/README.md", encoding: .utf8)
    #expect(card.hasPrefix("---\nlibrary_name: transformers\n"))
    #expect(card.contains("| steps | 7, of ") && card.contains("```\ndo so\n```"))
    #expect(card.contains("| layers | 2 x 8 lstm, normalized sums, residual connections"))
    for name in [
      "config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json",
    ] {
      let data = try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
      #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
    }
  }

  @Test func itsTokenizerCanBeImportedWithOtherWeights() throws {
    let folder = try TemporaryFolder()
    let model = try ONNXTests.model(ONNXTests.networks[0])
    let path = folder.path("hub")
    try HuggingFaceFolder(model, named: "sample", hasCode: false).write(to: path)
    // The same tensors without this package's metadata.
    let sources = ParameterLayout(model.weights.configuration).tensors.map { tensor in
      let values = Array(model.weights.parameters.values(of: tensor))
      return TensorSource(name: tensor.name, elementType: .float32, shape: tensor.shape) {
        consume in
        try values.withUnsafeBytes { try consume($0) }
      }
    }
    try SafetensorsWriter(tensors: sources, metadata: ["format": "pt"])
      .write(to: "\(path)/model.safetensors")
    let back = try ModelImport().model(path: path, processor: Self.processor)
    #expect(back.tokenizer == model.tokenizer)
    #expect(ONNXTests.weights(back) == ONNXTests.weights(model))
  }

  @Test func whatATokenizerFileCannotSayIsRefused() throws {
    func error(_ change: (inout TokenizerConfiguration) -> Void) throws -> ExportError? {
      var configuration = TokenizerConfiguration()
      change(&configuration)
      let model = try ONNXTests.model(ONNXTests.networks[0], tokenizer: configuration)
      do throws(ExportError) {
        _ = try HuggingFaceFolder(model, named: "sample", hasCode: false)
        return nil
      } catch {
        return error
      }
    }
    #expect(try error { _ in } == nil)
    #expect(try error { $0.documents = .lines } == .documents(.lines))
    #expect(try error { $0.foldsCase = true } == .foldsCase)
  }
}
