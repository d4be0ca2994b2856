import Interchange
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing

/// Weights of Keras by their paths. scripts/check-formats.sh holds the imported model against Keras.
@Suite struct KerasWeightsTests {
  private static let processor = Processor(threadCount: 1)

  /// Two layers of 2 units over 3 characters, whose embedding has 4 numbers.
  private static func tensors(
    gates: Int, layers: [String] = ["lstm/lstm_cell", "lstm_1/lstm_cell"], bias: [Int]? = nil
  ) -> [(name: String, shape: [Int])] {
    let size = 2 * gates
    return [("embedding/embeddings", [3, 4]), ("dense/kernel", [2, 3]), ("dense/bias", [3])]
      + layers.enumerated().flatMap { number, layer in
        [
          ("\(layer)/kernel", [number == 0 ? 4 : 2, size]),
          ("\(layer)/recurrent_kernel", [2, size]), ("\(layer)/bias", bias ?? [size]),
        ]
      }
  }

  private static func read(
    _ tensors: [(name: String, shape: [Int])], names: ModelImport.ModuleNames = .init()
  ) throws -> TextModel {
    let folder = try TemporaryFolder()
    try folder.write(tensors: tensors, to: "keras.safetensors")
    try folder.write(Array(#"["b", "\n", "a"]"#.utf8), to: "characters.json")
    var settings = ModelImport()
    settings.names = names
    settings.vocabulary = .init(path: folder.path("characters.json"))
    return try settings.model(path: folder.path("keras.safetensors"), processor: processor)
  }

  private static func error(
    _ tensors: [(name: String, shape: [Int])], names: ModelImport.ModuleNames = .init()
  ) -> String {
    do {
      _ = try read(tensors, names: names)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [(4, CellKind.lstm), (3, .gru), (1, .rnn)])
  func layersAreReadInTheirOrder(gates: Int, cell: CellKind) throws {
    let size = 2 * gates
    // Sorted by name, as in a file: lstm_10 comes before lstm_9.
    let model = try Self.read(
      Self.tensors(
        gates: gates, layers: ["model/x_9/cell", "model/x_10/cell"],
        bias: cell == .gru ? [2, size] : [size]))
    #expect(model.weights.configuration.cell == cell)
    #expect(model.weights.configuration.layerCount == 2)
    #expect(model.weights.configuration.embeddingSize == 4)
    let layout = ParameterLayout(model.weights.configuration)
    let inputs = Array(model.weights.parameters.values(of: layout.layers[0].inputWeight))
    // The first column of each row is a row of Keras, whose gates of a GRU are z, r, h.
    let start: Float = 12 + 6 + 3
    let order = cell == .gru ? [2, 3, 0, 1, 4, 5] : Array(0..<size)
    let expected: [Float] = order.map { start + Float($0) }
    #expect((0..<size).map { inputs[4 * $0] } == expected)
    let biases = Array(model.weights.parameters.values(of: layout.layers[0].recurrentBias))
    let first = start + Float(4 * size + 2 * size + size)
    let recurrent: [Float] =
      cell == .gru ? order.map { first + Float($0) } : Array(repeating: 0, count: size)
    #expect(biases == recurrent)
  }

  @Test func whatCannotBeIsRefusedByName() {
    let two = ["lstm/lstm_cell", "lstm_1/lstm_cell"]
    #expect(Self.error(Self.tensors(gates: 3, layers: ["gru/gru_cell"])).contains("reset_after"))
    #expect(
      Self.error(
        Self.tensors(
          gates: 4,
          layers: ["bidirectional/forward_lstm/lstm_cell"]
            + ["bidirectional/backward_lstm/lstm_cell"])
      ).contains("bidirectional"))
    #expect(
      Self.error(Self.tensors(gates: 4, layers: ["first/cell", "other/cell"]))
        .contains("order is unknown"))
    #expect(
      Self.error(Self.tensors(gates: 4, layers: two) + [("dense_1/kernel", [2, 3])])
        .contains("'dense/kernel', 'dense_1/kernel'"))
    #expect(
      Self.error(
        Self.tensors(gates: 4) + [("dense_1/kernel", [2, 3])], names: .init(head: "dense"))
        == "")
    #expect(
      Self.error(Self.tensors(gates: 4).filter { $0.name != "dense/kernel" })
        .contains("the projection to the vocabulary"))
    #expect(
      Self.error(Self.tensors(gates: 4).filter { $0.name != "embedding/embeddings" })
        .contains("4 inputs are not one for each of 3 tokens"))
  }
}
