import Interchange
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

/// Networks of PyTorch, under their authors' names.
@Suite struct StateDictionaryTests {
  private static let processor = Processor(threadCount: 1)
  /// In the order of the rows; not that of charlm.
  private static let characters = ["b", "\n", "é", "a", " "]

  /// - Parameter sizes: of weight_ih_l0, such as [12, 4].
  private static func tensors(
    embedding: String? = "embedding.weight", layers: String = "rnn", head: String = "fc",
    gates: Int = 4, tied: Bool = false, hasBias: Bool = true, width: Int = 4
  ) -> [(name: String, shape: [Int])] {
    let hiddenSize = 4
    let rows = characters.count
    var tensors: [(String, [Int])] = []
    if let embedding { tensors.append((embedding, [rows, width])) }
    for layer in 0..<2 {
      let input = layer == 0 ? (embedding == nil ? rows : width) : hiddenSize
      tensors += [
        ("\(layers).weight_ih_l\(layer)", [gates * hiddenSize, input]),
        ("\(layers).weight_hh_l\(layer)", [gates * hiddenSize, hiddenSize]),
      ]
      guard hasBias else { continue }
      tensors += [
        ("\(layers).bias_ih_l\(layer)", [gates * hiddenSize]),
        ("\(layers).bias_hh_l\(layer)", [gates * hiddenSize]),
      ]
    }
    if !tied {
      tensors.append(("\(head).weight", [rows, hiddenSize]))
      if hasBias { tensors.append(("\(head).bias", [rows])) }
    }
    return tensors
  }

  private static func write(
    _ tensors: [(name: String, shape: [Int])], to folder: TemporaryFolder,
    changing change: (inout [Float]) -> Void = { _ in }
  ) throws -> [String: [Float]] {
    try folder.write(
      tensors: tensors, unit: 1 / 1_024, to: "foreign.safetensors", changing: change)
  }

  private static func importer(
    _ folder: TemporaryFolder, vocabulary: String = #"["b", "\n", "é", "a", " "]"#
  ) throws -> ModelImport {
    try folder.write(Array(vocabulary.utf8), to: "vocabulary.json")
    var settings = ModelImport()
    settings.vocabulary = .init(path: folder.path("vocabulary.json"))
    return settings
  }

  private static func read(
    _ settings: ModelImport, _ folder: TemporaryFolder
  ) throws -> TextModel {
    try settings.model(path: folder.path("foreign.safetensors"), processor: processor)
  }

  private static func values(_ name: String, of model: TextModel) -> [Float] {
    let layout = ParameterLayout(model.weights.configuration)
    return Array(model.weights.parameters.values(of: layout.tensors.first { $0.name == name }!))
  }

  @Test(arguments: [
    ("embedding.weight", "rnn", "fc"), ("encoder.weight", "lstm", "decoder"),
    ("model.emb.weight", "model.gru", "model.linear"), ("wte.weight", "core.rnn", "lm_head"),
  ])
  func modulesAreFoundByTheirNames(embedding: String, layers: String, head: String) throws {
    let folder = try TemporaryFolder()
    let values = try Self.write(
      Self.tensors(embedding: embedding, layers: layers, head: head), to: folder)
    let model = try Self.read(Self.importer(folder), folder)
    #expect(model.weights.configuration.cell == .lstm)
    #expect(model.weights.configuration.layerCount == 2)
    #expect(Self.values("rnn.weight_hh_l1", of: model) == values["\(layers).weight_hh_l1"])
    // Each character has the row that it had there.
    let rows = Self.values("embedding.weight", of: model)
    let heads = Self.values("lm_head.weight", of: model)
    let biases = Self.values("lm_head.bias", of: model)
    for (row, character) in Self.characters.enumerated() {
      let token = Int(model.tokenizer.vocabulary.id(of: character))
      #expect(rows[4 * token..<4 * token + 4] == values[embedding]![4 * row..<4 * row + 4])
      #expect(heads[4 * token..<4 * token + 4] == values["\(head).weight"]![4 * row..<4 * row + 4])
      #expect(biases[token] == values["\(head).bias"]![row])
    }
    // Tokens that the other tool does not have are never drawn; a text begins after a line feed.
    #expect(biases[0] == -30 && biases[1] == -30)
    let lineFeed = Int(model.tokenizer.vocabulary.id(of: "\n"))
    #expect(rows[4..<8] == rows[4 * lineFeed..<4 * lineFeed + 4])
  }

  @Test func cellsAndWhatIsMissingAreRecognized() throws {
    let folder = try TemporaryFolder()
    for (gates, cell) in [(4, CellKind.lstm), (3, .gru), (1, .rnn)] {
      _ = try Self.write(Self.tensors(gates: gates, hasBias: false), to: folder)
      let model = try Self.read(Self.importer(folder), folder)
      #expect(model.weights.configuration.cell == cell)
      #expect(Self.values("rnn.bias_hh_l0", of: model).allSatisfy { $0 == 0 })
    }
    _ = try Self.write(Self.tensors(tied: true), to: folder)
    let tied = try Self.read(Self.importer(folder), folder)
    #expect(tied.weights.configuration.tiesEmbeddings)
    _ = try Self.write(Self.tensors(embedding: nil), to: folder)
    let oneHot = try Self.read(Self.importer(folder), folder)
    #expect(oneHot.weights.configuration.embeddingSize == Self.characters.count)
    let token = Int(oneHot.tokenizer.vocabulary.id(of: "é"))
    #expect(
      Self.values("embedding.weight", of: oneHot)[5 * token..<5 * token + 5] == [0, 0, 1, 0, 0])
  }

  @Test(arguments: [
    #"{"b": 0, "\n": 1, "é": 2, "a": 3, " ": 4}"#,
    #"{"0": "b", "1": "\n", "2": "é", "3": "a", "4": " "}"#,
    #"{"idx_to_token": {"1": "b", "2": "\n", "3": "é", "4": "a", "5": " "}, "other": 1}"#,
    #"{"stoi": {"a": 3, "b": 0, " ": 4, "\n": 1, "é": 2}}"#,
    #"{"vocab": ["b", "\u000a", "é", "a", " "]}"#,
  ])
  func vocabulariesHaveManyForms(vocabulary: String) throws {
    let folder = try TemporaryFolder()
    let values = try Self.write(Self.tensors(), to: folder)
    let model = try Self.read(Self.importer(folder, vocabulary: vocabulary), folder)
    let token = Int(model.tokenizer.vocabulary.id(of: "é"))
    #expect(token != 0)
    #expect(Self.values("lm_head.bias", of: model)[token] == values["fc.bias"]![2])
  }

  @Test(arguments: [
    (ModelImport.VocabularySource.Order.sorted, ["\n", " ", "a", "b", "é"]),
    (.occurrence, ["b", "é", "\n", "a", " "]), (.frequency, ["é", "b", "\n", "a", " "]),
  ])
  func aTextGivesItsCharactersInAnOrder(
    order: ModelImport.VocabularySource.Order, expected: [String]
  ) throws {
    let folder = try TemporaryFolder()
    let values = try Self.write(Self.tensors(), to: folder)
    try folder.write(Array("bé\néa é".utf8), to: "text.txt")
    var settings = ModelImport()
    settings.vocabulary = .init(path: folder.path("text.txt"), order: order)
    let model = try Self.read(settings, folder)
    for (row, character) in expected.enumerated() {
      let token = Int(model.tokenizer.vocabulary.id(of: character))
      #expect(Self.values("lm_head.bias", of: model)[token] == values["fc.bias"]![row])
    }
  }

  @Test func specialTokensKeepTheirRows() throws {
    let folder = try TemporaryFolder()
    let values = try Self.write(Self.tensors(), to: folder)
    let model = try Self.read(
      Self.importer(folder, vocabulary: #"["<unk>", "a", "</s>", "<pad>", "b"]"#), folder)
    #expect(model.tokenizer.vocabularySize == 4)
    let biases = Self.values("lm_head.bias", of: model)
    let given = values["fc.bias"]!
    #expect(biases == [given[0], given[2], given[1], given[4]])
  }

  @Test func whatCannotBeIsRefusedByName() throws {
    let folder = try TemporaryFolder()
    func error(
      _ tensors: [(name: String, shape: [Int])], vocabulary: String? = nil,
      changing change: (inout [Float]) -> Void = { _ in }
    ) throws -> String {
      _ = try Self.write(tensors, to: folder, changing: change)
      let settings =
        try vocabulary.map { try Self.importer(folder, vocabulary: $0) } ?? Self.importer(folder)
      do {
        _ = try Self.read(settings, folder)
        return ""
      } catch let error as ImportError {
        return error.description
      }
    }
    let plain = Self.tensors()
    #expect(try error(plain + [("rnn.weight_ih_l0_reverse", [16, 4])]).contains("bidirectional"))
    #expect(try error(plain + [("rnn.weight_hr_l0", [2, 4])]).contains("proj_size"))
    #expect(try error(plain + [("out.weight", [5, 4])]).contains("'fc.weight', 'out.weight'"))
    #expect(try error(plain.filter { $0.name != "rnn.weight_hh_l0" }).contains("weight_hh_l0"))
    #expect(try error(Self.tensors(gates: 2)).contains("has the shape [8, 4]"))
    #expect(
      try error(plain, vocabulary: #"["a", "b"]"#).contains("2 tokens, and the network 5 rows"))
    #expect(
      try error(plain, vocabulary: #"["th", "b", "c", "d", "e"]"#).contains("'th', is more than"))
    #expect(try error(plain, vocabulary: #"["b", "b", "c", "d", "e"]"#).contains("there twice"))
    #expect(try error(plain, vocabulary: #"{"a": 0, "b": 2}"#).contains("not successive"))
    #expect(try error(plain, vocabulary: #"["a", "#).contains("cannot be read as JSON"))
    #expect(try error(plain, changing: { $0[0] = .infinity }).contains("infinities or NaNs"))
  }

  @Test(arguments: [
    "", "[", #"["a",]"#, #"["a", 01]"#, "[1.]", "[-]", "[+1]", "[1e]", "[tru]", #"["a"] 1"#,
    #"["\ud800"]"#, "[\"\u{1}\"]", #"{"a": 0, "a": 1}"#, #"{a: 0}"#, #"{"a" 0}"#, #"["a"#,
    String(repeating: "[", count: 100_000),
  ])
  func jsonIsReadStrictly(text: String) throws {
    let folder = try TemporaryFolder()
    _ = try Self.write(Self.tensors(), to: folder)
    let settings = try Self.importer(folder, vocabulary: text)
    #expect {
      try Self.read(settings, folder)
    } throws: { error in
      if case ImportError.malformedJSON = error { true } else { false }
    }
  }

  @Test func picklesAreNotRead() throws {
    let folder = try TemporaryFolder()
    for bytes: [UInt8] in [[0x50, 0x4B, 3, 4, 0, 0], [0x80, 2, 0x7D]] {
      try folder.write(bytes, to: "model.pt")
      #expect(throws: ImportError.pickle(file: folder.path("model.pt"))) {
        try ModelImport().model(path: folder.path("model.pt"), processor: Self.processor)
      }
    }
  }
}
