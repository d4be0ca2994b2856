import CharlmKit
import Foundation
import TestSupport
import Testing

/// The examples in the documentation of types.
@Suite struct DocumentationTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let libraries = [
    "Compression", "Evaluation", "Generation", "Interchange", "Kernels", "ModelFiles", "Patterns",
    "RecurrentNetwork", "Tokenization", "Training",
  ]

  /// The examples of a library, each with the path of its file.
  private func examples(of library: String) throws -> [(file: String, code: String)] {
    let folder = Self.root.appending(path: "Sources/\(library)")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
      .flatMap { file in
        let text = try String(contentsOf: file, encoding: .utf8)
        let blocks = text.matches(of: /\n\/\/\/ ```swift\n((?:\/\/\/.*\n)+?)\/\/\/ ```\n/)
        return blocks.map { block in
          let lines = block.output.1.split(separator: "\n").map { String($0.dropFirst(4)) }
          return (file.lastPathComponent, lines.joined(separator: "\n"))
        }
      }
  }

  /// `ModelExamples.swift` and `TextExamples.swift` have the code of each, after its imports.
  @Test(arguments: libraries)
  func everyExampleIsCompiledAndNamesItsImports(library: String) throws {
    let compiled = try ["ModelExamples.swift", "TextExamples.swift"].map {
      let file = Self.root.appending(path: "Tests/CommandTests/\($0)")
      return try String(contentsOf: file, encoding: .utf8)
    }.joined()
    let examples = try examples(of: library)
    #expect(!examples.isEmpty)
    for (file, code) in examples {
      let parts = code.split(separator: "\n\n", maxSplits: 1)
      try #require(parts.count == 2, "\(file) has an example without imports")
      #expect(parts[0].split(separator: "\n").contains("import \(library)"), "\(file)")
      #expect(parts[0].split(separator: "\n").allSatisfy { $0.hasPrefix("import ") }, "\(file)")
      let body = parts[1].split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
      #expect(compiled.contains(body + "\n"), "\(file):\n\(body)")
    }
  }

  /// Code, diagrams and tables of the articles are those of the pages, word for word.
  @Test(arguments: ["CharlmKit", "GettingStarted", "TheThreeVerbs", "Architecture"])
  func articlesRepeatThePages(article: String) throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }
    let pages = try text("docs/library.md") + text("docs/tour.md")
    let article = try text("Sources/CharlmKit/CharlmKit.docc/\(article).md")
    let blocks = article.matches(of: /\n```\w*\n[^`]+\n```\n|\n(?:\|.+\n)+/).map {
      String($0.output)
    }
    #expect(!blocks.isEmpty)
    for block in blocks { #expect(pages.contains(block), "\(block)") }
  }

  /// A promise that no test keeps is none.
  @Test func everyTestOfAPromiseExists() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "docs/promises.md"), encoding: .utf8)
    let names = Set(page.matches(of: /`(\w+Tests|[\w-]+\.(?:sh|py))`/).map { String($0.output.1) })
    let tests = FileManager.default.enumerator(
      at: Self.root.appending(path: "Tests"), includingPropertiesForKeys: nil)
    let files = (tests?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
    let sources = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    let folders = Set(files.map { $0.deletingLastPathComponent().lastPathComponent })
    #expect(names.count > 20)
    for name in names {
      let script = Self.root.appending(path: "scripts/\(name)").path
      #expect(
        folders.contains(name) || FileManager.default.fileExists(atPath: script)
          || sources.contains { $0.contains("struct \(name) ") }, "\(name)")
    }
  }

  /// Those that need no file by name.
  @Test func examplesRun() throws {
    let tokenizer = try Tokenizer.fit(
      [.text("one fish, two fish", name: "fish")], configuration: TokenizerConfiguration())
    let tokens = tokenizer.encode("one fish").ids
    TextExamples.useNGrams(model: TextExamples.countNGrams(tokenizer: tokenizer), tokens: tokens)
    try TextExamples.sample(logits: [0, 1, 2])
    var stream = RandomStream(seed: 1)
    TextExamples.drawCandidate(logits: [0, 1, 2], stream: &stream)
    try TextExamples.makePattern()
    try TextExamples.tokenize()
    try TextExamples.encodeText(tokenizer: tokenizer, source: .text("two", name: "two"))
    try TextExamples.encodeLosslessly(tokenizer: tokenizer, source: .text("2", name: "2"))
    ModelExamples.drawNumber()
    ModelExamples.shareWork { _ in }
    ModelExamples.fillMetadata(json: "{}")
    ModelExamples.chooseDropout()
    ModelExamples.chooseSettings(points: [
      .init(hiddenSize: 64, trainingSecondsPerToken: 1e-6, scoringSecondsPerToken: 1e-7),
      .init(hiddenSize: 128, trainingSecondsPerToken: 2e-6, scoringSecondsPerToken: 2e-7),
    ])
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 8, hiddenSize: 8, layerCount: 1)
    let weights = NetworkWeights(
      configuration: network, parameters: ParameterBuffer(configuration: network, seed: 1),
      processor: Processor(threadCount: 1))
    ModelExamples.predict(weights: weights, beginOfText: Vocabulary.endOfText)
    let eight = [TokenID](repeating: 2, count: 8)
    let states = eight.map { _ in RecurrentState(network) }
    ModelExamples.predictBatch(weights: weights, states: states, tokens: eight)
    ModelExamples.predictTogether(weights: weights, prompt: tokens)
    ModelExamples.predictSideBySide(
      weights: weights, states: [states[0]], tokens: Array(eight.prefix(2)))
    tokens.withUnsafeBufferPointer { tokens in
      var pieces = [tokens, tokens]
      ModelExamples.scoreSequence(weights: weights, beginOfText: Vocabulary.endOfText) {
        pieces.popLast()
      }
    }
  }
}
