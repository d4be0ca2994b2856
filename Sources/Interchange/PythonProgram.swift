import ModelFiles
import RecurrentNetwork
import Storage

/// A Python program that loads a model into another library, from the model file beside it.
public struct PythonProgram {
  /// The library that runs the model.
  public enum Library: Sendable {
    /// PyTorch: a module of exactly this model's layers, a tokenizer, and a loop that generates.
    case pytorch
    /// Keras 3: a function that returns a model.
    case keras
  }

  private let library: Library
  private let network: NetworkConfiguration

  /// - Throws: `ExportError.normalizedSums` for Keras, which has no such layers.
  public init(_ library: Library, for network: NetworkConfiguration) throws(ExportError) {
    guard library == .pytorch || network.normalizationGroups == nil else {
      throw .normalizedSums(format: "Keras")
    }
    self.library = library
    self.network = network
  }

  /// The program's text.
  /// - Parameter name: the name of the model in the first line.
  public func text(named name: String) -> String {
    let first = """
      \"\"\"\(name), a character-level language model, exported by charlm \(CharlmVersion.current).

      \(usage)
      \"\"\"

      """
    switch library {
    case .pytorch:
      let layers =
        hasPlainLayers ? [] : [PythonSource.body(of: PackageResources.recurrent_layers_py)]
      return first
        + PythonSource.joined(
          imports: [PackageResources.pytorch_program_py],
          bodies: layers + [module, PythonSource.body(of: PackageResources.pytorch_program_py)])
    case .keras:
      return first + "\n" + String(decoding: PackageResources.keras_program_py, as: UTF8.self)
    }
  }

  private var usage: String {
    switch library {
    case .pytorch:
      """
      Run it with a prompt to continue it, or import `load` and `Tokenizer`. It needs torch and safetensors, and the
      model file beside it.
      """
    case .keras:
      "Import `load`. It needs keras, safetensors and NumPy, and the model file beside it."
    }
  }

  // MARK: The module

  private var hasPlainLayers: Bool {
    network.normalizationGroups == nil && !network.isResidual && network.cell != .coupledLSTM
      && network.activation != .sigmoid
  }

  private var module: String {
    let output = network.outputSize
    var lines = [
      "self.embedding = torch.nn.Embedding(\(network.vocabularySize), \(network.embeddingSize))",
      "self.rnn = \(layers)",
    ]
    let projects = output != network.hiddenSize
    if projects {
      lines.append(
        "self.project_out = torch.nn.Linear(\(network.hiddenSize), \(output), bias=False)")
    }
    lines.append("self.lm_head = torch.nn.Linear(\(output), \(network.vocabularySize))")
    if network.tiesEmbeddings { lines.append("self.lm_head.weight = self.embedding.weight") }
    return """
      class CharacterModel(torch.nn.Module):
          def __init__(self) -> None:
              super().__init__()
              \(lines.joined(separator: "\n        "))

          def forward(self, ids: torch.Tensor, state=None):
              \"\"\"The logits [T, B, V] after each of `ids` [T, B], and the state after the last one.\"\"\"
              output, state = self.rnn(self.embedding(ids), state)
              return self.lm_head(\(projects ? "self.project_out(output)" : "output")), state

      """
  }

  private var layers: String {
    let sizes = "\(network.embeddingSize), \(network.hiddenSize), \(network.layerCount)"
    guard hasPlainLayers else {
      let activation = network.activation.map { ", activation=\"\($0.rawValue)\"" } ?? ""
      let groups = network.normalizationGroups.map { ", groups=\($0)" } ?? ""
      let residual = network.isResidual ? ", residual=True" : ""
      return
        "RecurrentLayers(\"\(network.cell.rawValue)\", \(sizes)\(activation)\(groups)\(residual))"
    }
    return switch network.cell {
    case .gru: "torch.nn.GRU(\(sizes))"
    case .rnn where network.activation == .relu: "torch.nn.RNN(\(sizes), nonlinearity=\"relu\")"
    case .rnn: "torch.nn.RNN(\(sizes))"
    case .lstm, .coupledLSTM: "torch.nn.LSTM(\(sizes))"
    }
  }
}

/// Python files of this package, from which programs are put together.
enum PythonSource {
  /// One program of several files: their imports, without those of each other, and their bodies.
  static func joined(imports: [[UInt8]], bodies: [String]) -> String {
    let lines = imports.flatMap { split($0).imports }
    var seen = Set<String>()
    let distinct = lines.filter { $0.isEmpty || seen.insert($0).inserted }
    return ([distinct.joined(separator: "\n")] + bodies)
      .map { $0.trimmed }.joined(separator: "\n\n\n") + "\n"
  }

  /// What follows the imports of a file.
  static func body(of file: [UInt8]) -> String { split(file).body.joined(separator: "\n") }

  private static let ownFiles = ["recurrent_layers", "character_model"]

  private static func split(_ file: [UInt8]) -> (imports: [String], body: [String]) {
    let lines = String(decoding: file, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    let isImport = { (line: String) in line.hasPrefix("import ") || line.hasPrefix("from ") }
    guard let first = lines.firstIndex(where: isImport),
      let last = lines.lastIndex(where: isImport)
    else { return ([], lines) }
    let imports = lines[first...last].filter { line in
      !ownFiles.contains { line.hasPrefix("from \($0) ") }
    }
    return (imports, Array(lines[(last + 1)...]))
  }
}

extension String {
  /// Without empty lines at the beginning and the end.
  fileprivate var trimmed: String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false)[...]
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}
