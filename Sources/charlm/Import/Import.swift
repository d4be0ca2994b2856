import ArgumentParser
import Interchange
import Kernels
import ModelFiles
import RecurrentNetwork
import Storage

struct Import: Command {
  static let configuration = CommandConfiguration(
    abstract: "Make a model from a file of another program.",
    discussion: """
      Examples:
        charlm import rnn.safetensors --vocabulary ix.json -o x.safetensors
        charlm import rnn.safetensors --vocabulary in.txt -o x.safetensors
        charlm import novel.onnx -o novel.safetensors
        charlm import folder -o novel.safetensors

      The source is the state_dict of a PyTorch module or the weights of a Keras model as \
      safetensors, an ONNX file, a folder of Hugging Face, or a checkpoint of char-rnn or torch-rnn. \
      A vocabulary is JSON (a list of characters, an object from character to number or from number \
      to character), a tokenizer.json, or the text from which the characters were taken.

      Pickles (.pt, .pth) are not read, because they can run any code; two lines of Python convert \
      them: state = torch.load(FILE, weights_only=True), safetensors.torch.save_file(state, FILE).
      """)

  @Argument(help: "The file, or the folder of Hugging Face.", completion: .file())
  var source: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(
    help: ArgumentHelp("The characters in the order of the rows.", valueName: "file"),
    completion: .file())
  var vocabulary: String?

  @Option(
    help:
      "The order of the characters of a text: sorted, occurrence or frequency. (default: sorted)")
  var order: ModelImport.VocabularySource.Order?

  @Option(help: ArgumentHelp("The embedding, if it has an unusual name.", valueName: "name"))
  var embedding: String?

  @Option(help: ArgumentHelp("The recurrent layers, if there are several.", valueName: "name"))
  var layers: String?

  @Option(
    help: ArgumentHelp(
      "The projection to the vocabulary, if it has an unusual name.", valueName: "name"))
  var head: String?

  @Option(help: "The function of a simple RNN: tanh, relu or sigmoid. (default: tanh)")
  var activation: Activation?

  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    guard order == nil || vocabulary != nil else {
      throw UsageError.needs(option: "--order", other: "--vocabulary")
    }
    try OutputPaths.check(
      [("--output", output)], besides: [source] + [vocabulary].compactMap { $0 })
    var settings = ModelImport()
    settings.vocabulary = vocabulary.map {
      ModelImport.VocabularySource(path: $0, order: order ?? .sorted)
    }
    settings.names = ModelImport.ModuleNames(embedding: embedding, layers: layers, head: head)
    settings.activation = activation ?? .tanh
    let model = try settings.model(path: source, processor: shared.processor())
    try outputOptions.keepPrevious(output, shared: shared)
    try model.write(to: output)
    let network = model.weights.configuration
    shared.note(
      "Wrote '\(output)': \(network.layerCount) x \(network.hiddenSize) \(network.cell.rawValue), "
        + "\(network.vocabularySize) tokens.")
  }
}

extension ModelImport.VocabularySource.Order: ExpressibleByArgument {}
