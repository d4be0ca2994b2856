import Interchange
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

/// Checkpoints of torch-rnn and char-rnn, written here as their programs do.
/// scripts/check-formats.sh holds the same format against another reader.
@Suite struct Torch7Tests {
  /// Writes the objects of `Torch7File`.
  private struct Writer {
    indirect enum Item {
      case number(Double)
      case text(String)
      case table([(Item, Item)])
      case instance(String, [(Item, Item)])
      case tensor([Int], [Float])
    }

    private(set) var bytes: [UInt8] = []
    private var nextIndex: Int32 = 1

    private mutating func append(_ value: some BitwiseCopyable) {
      withUnsafeBytes(of: value) { bytes += $0 }
    }

    private mutating func append(text: String) {
      append(Int32(text.utf8.count))
      bytes += text.utf8
    }

    private mutating func begin(_ type: Int32) {
      append(type)
      append(nextIndex)
      nextIndex += 1
    }

    mutating func write(_ item: Item) {
      switch item {
      case .number(let value):
        append(Int32(1))
        append(value)
      case .text(let text):
        append(Int32(2))
        append(text: text)
      case .table(let entries):
        begin(3)
        append(Int32(entries.count))
        for (key, value) in entries {
          write(key)
          write(value)
        }
      case .instance(let name, let members):
        begin(4)
        append(text: "V 1")
        append(text: name)
        write(.table(members))
      case .tensor(let sizes, let values):
        begin(4)
        append(text: "V 1")
        append(text: "torch.FloatTensor")
        append(Int32(sizes.count))
        for size in sizes { append(Int64(size)) }
        for dimension in sizes.indices {
          append(Int64(sizes[(dimension + 1)...].reduce(1, *)))
        }
        append(Int64(1))
        begin(4)
        append(text: "V 1")
        append(text: "torch.FloatStorage")
        append(Int64(values.count))
        for value in values { append(value) }
      }
    }
  }

  private typealias Item = Writer.Item
  private static let characters = ["b", "\n", "a"]
  private static let processor = Processor(threadCount: 1)

  private static func tensor(_ sizes: Int..., from first: Float) -> Item {
    .tensor(sizes, (0..<sizes.reduce(1, *)).map { first + Float($0) / 256 })
  }

  private static func list(_ items: [Item]) -> Item {
    .table(items.enumerated().map { (.number(Double($0.offset + 1)), $0.element) })
  }

  private static func linear(_ rows: Int, _ columns: Int, from first: Float) -> Item {
    .instance(
      "nn.Linear",
      [
        (.text("weight"), tensor(rows, columns, from: first)),
        (.text("bias"), tensor(rows, from: first + 0.5)),
      ])
  }

  /// An embedding of 2, one layer of 2 units.
  private static var torchRNN: [UInt8] {
    let net = Item.instance(
      "nn.Sequential",
      [
        (
          .text("modules"),
          list([
            .instance("nn.LookupTable", [(.text("weight"), tensor(3, 2, from: 1))]),
            .instance(
              "nn.LSTM",
              [(.text("weight"), tensor(4, 8, from: 2)), (.text("bias"), tensor(8, from: 3))]),
            .instance("nn.View", []), linear(3, 2, from: 4),
          ])
        )
      ])
    let tokens = Item.table(
      characters.enumerated().map { (.number(Double($0.offset + 1)), .text($0.element)) })
    var writer = Writer()
    writer.write(
      .table([
        (.text("i"), .number(7)),
        (
          .text("model"),
          .instance("nn.LanguageModel", [(.text("net"), net), (.text("idx_to_token"), tokens)])
        ),
      ]))
    return writer.bytes
  }

  /// One-hot input, one layer of 2 units.
  private static var charRNN: [UInt8] {
    func node(_ name: String, _ module: Item) -> Item {
      .instance(
        "nngraph.Node",
        [
          (
            .text("data"),
            .table([
              (.text("annotations"), .table([(.text("name"), .text(name))])),
              (.text("module"), module),
            ])
          )
        ])
    }
    let graph = Item.instance(
      "nn.gModule",
      [
        (
          .text("forwardnodes"),
          list([
            node("i2h_1", linear(8, 3, from: 1)), node("h2h_1", linear(8, 2, from: 2)),
            node("decoder", linear(3, 2, from: 4)),
          ])
        )
      ])
    let vocabulary = Item.table(
      characters.enumerated().map { (.text($0.element), .number(Double($0.offset + 1))) })
    var writer = Writer()
    writer.write(
      .table([
        (.text("protos"), .table([(.text("rnn"), graph)])), (.text("vocab"), vocabulary),
      ]))
    return writer.bytes
  }

  private static func read(_ bytes: [UInt8]) throws -> TextModel {
    let folder = try TemporaryFolder()
    try folder.write(bytes, to: "checkpoint.t7")
    return try ModelImport().model(path: folder.path("checkpoint.t7"), processor: processor)
  }

  private static func values(_ name: String, of model: TextModel) -> [Float] {
    let layout = ParameterLayout(model.weights.configuration)
    return Array(model.weights.parameters.values(of: layout.tensors.first { $0.name == name }!))
  }

  @Test func torchRNNsAreRead() throws {
    let model = try Self.read(Self.torchRNN)
    #expect(model.weights.configuration.hiddenSize == 2)
    #expect(model.tokenizer.vocabularySize == 5)
    // weight[input][gate, unit] of the embedding's first number, gates i, f, o, g
    let order = [0, 1, 2, 3, 6, 7, 4, 5]
    let inputs = Self.values("rnn.weight_ih_l0", of: model)
    let first = order.map { place -> Float in 2 + Float(place) / 256 }
    #expect((0..<8).map { inputs[2 * $0] } == first)
    let states = Self.values("rnn.weight_hh_l0", of: model)
    let last = order.map { place -> Float in 2 + Float(24 + place) / 256 }
    #expect((0..<8).map { states[2 * $0 + 1] } == last)
    let token = Int(model.tokenizer.vocabulary.id(of: "a"))
    let bias: Float = 4.5 + 2 / 256
    #expect(Self.values("lm_head.bias", of: model)[token] == bias)
    let row: [Float] = [1 + 4 / 256, 1 + 5 / 256]
    #expect(Array(Self.values("embedding.weight", of: model)[2 * token..<2 * token + 2]) == row)
  }

  @Test func charRNNsAreRead() throws {
    let model = try Self.read(Self.charRNN)
    #expect(model.weights.configuration.embeddingSize == 3)
    let inputs = Self.values("rnn.weight_ih_l0", of: model)
    // g comes before o here.
    let last = (18..<24).map { 1 + Float($0) / 256 }
    #expect(Array(inputs[12..<18]) == last)
    let bias: Float = 2.5 + 6 / 256
    #expect(Self.values("rnn.bias_hh_l0", of: model)[4] == bias)
    #expect(model.tokenizer.vocabulary.id(of: "b") != 0)
  }

  @Test func damagedFilesAreRefused() throws {
    var stream = RandomStream(seed: 1)
    var refusedCount = 0
    for whole in [Self.torchRNN, Self.charRNN] {
      for round in 0..<200 {
        var bytes = whole
        if round.isMultiple(of: 3) {
          bytes.removeLast(Int.random(in: 1..<bytes.count, using: &stream))
        } else {
          for _ in 0..<Int.random(in: 1...4, using: &stream) {
            let position = Int.random(in: 8..<bytes.count, using: &stream)
            bytes[position] = UInt8.random(in: 0...255, using: &stream)
          }
        }
        do {
          _ = try Self.read(bytes)
        } catch is ImportError {
          refusedCount += 1
        }
      }
    }
    #expect(refusedCount > 200)
  }

  @Test func deepNestingAndLyingSizesEndSoon() {
    // Tables within tables, each with one entry whose key is the next.
    var deep: [UInt8] = []
    for index in 1...100_000 {
      for value in [3, Int32(index), 1] { withUnsafeBytes(of: value) { deep += $0 } }
    }
    #expect(throws: ImportError.self) { try Self.read(deep) }
    var lying: [UInt8] = []
    for value in [3, 1, Int32.max] { withUnsafeBytes(of: value) { lying += $0 } }
    #expect(throws: ImportError.self) { try Self.read(lying) }
  }
}
