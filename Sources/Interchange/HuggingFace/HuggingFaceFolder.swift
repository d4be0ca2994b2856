import ModelFiles
import RecurrentNetwork
import Storage

/// Writes a model as a folder that Hugging Face's libraries load.
///
/// | file | content |
/// |---|---|
/// | `model.safetensors` | the model file |
/// | `tokenizer.json`, `tokenizer_config.json` | the tokenizer (`TokenizerFile`) |
/// | `config.json`, `generation_config.json` | the network's sizes; how to generate |
/// | `README.md` | a model card: data, settings and figures of the training |
/// | `modeling_charlm.py` | on request, the network for `trust_remote_code=True` |
public struct HuggingFaceFolder {
  private let model: TextModel
  private let name: String
  private let commands: [String]
  private let hasCode: Bool
  private let tokenizer: TokenizerFile
  private var network: NetworkConfiguration { model.weights.configuration }

  /// - Parameters:
  ///   - model: the model to export.
  ///   - name: the name of the model in its card.
  ///   - commands: command lines for its card that use `model.safetensors`.
  ///   - hasCode: whether the folder gets `modeling_charlm.py`.
  /// - Throws: `ExportError`.
  public init(
    _ model: TextModel, named name: String, commands: [String] = [], hasCode: Bool
  ) throws(ExportError) {
    self.model = model
    self.name = name
    self.commands = commands
    self.hasCode = hasCode
    tokenizer = try TokenizerFile(model.tokenizer)
  }

  /// The names of the files.
  public static func fileNames(hasCode: Bool) -> [String] {
    [
      "model.safetensors", "tokenizer.json", "tokenizer_config.json", "config.json",
      "generation_config.json", "README.md",
    ] + (hasCode ? ["modeling_charlm.py"] : [])
  }

  /// - Throws: `StorageError`.
  public func write(to folder: String) throws {
    try createFolder(path: folder)
    func write(_ name: String, _ text: String) throws {
      try FileWriter.replace(path: "\(folder)/\(name)", with: text)
    }
    try write("tokenizer.json", tokenizer.content.written() + "\n")
    try write("tokenizer_config.json", tokenizer.settings.written() + "\n")
    try write("config.json", configuration.written() + "\n")
    try write("generation_config.json", generation.written() + "\n")
    try write("README.md", ModelCard(model, named: name, commands: commands, hasCode: hasCode).text)
    if hasCode { try write("modeling_charlm.py", Self.code) }
    try model.write(to: "\(folder)/model.safetensors")
  }

  private var configuration: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("architectures", ["CharlmForCausalLM"]), ("model_type", "charlm"),
      ("vocab_size", .integer(network.vocabularySize)),
      ("embedding_size", .integer(network.embeddingSize)),
      ("hidden_size", .integer(network.hiddenSize)),
      ("num_hidden_layers", .integer(network.layerCount)), ("cell", .string(network.cell.rawValue)),
      ("activation", network.activation.map { .string($0.rawValue) } ?? .null),
      ("normalization_groups", network.normalizationGroups.map { .integer($0) } ?? .null),
      ("is_residual", .boolean(network.isResidual)),
      ("tie_word_embeddings", .boolean(network.tiesEmbeddings)), ("bos_token_id", 1),
      ("eos_token_id", 1), ("torch_dtype", "float32"),
    ]
    if hasCode {
      members.append(
        (
          "auto_map",
          [
            "AutoConfig": "modeling_charlm.CharlmConfig",
            "AutoModelForCausalLM": "modeling_charlm.CharlmForCausalLM",
          ]
        ))
    }
    return .object(members)
  }

  /// As `charlm generate` does by default.
  private var generation: JSONValue {
    [
      "bos_token_id": 1, "eos_token_id": 1, "pad_token_id": 1, "do_sample": true,
      "temperature": 0.8, "top_k": 0, "top_p": 1.0, "suppress_tokens": [0],
    ]
  }

  private static var code: String {
    let files = [
      PackageResources.recurrent_layers_py, PackageResources.character_model_py,
      PackageResources.modeling_charlm_py,
    ]
    return PythonSource.joined(imports: files, bodies: files.map(PythonSource.body))
  }
}
