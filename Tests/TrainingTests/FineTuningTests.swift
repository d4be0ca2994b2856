import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Tokenization
import Training

/// A model is trained further on another text, with characters that it did not know.
@Suite struct FineTuningTests {
  static let oldText = String(repeating: "the old corpus knows these letters. ", count: 30)
  static let newText = String(repeating: "ЖУК sat on a yak & the zebu: quick! ", count: 30)
  static let processor = Processor(threadCount: 2)

  /// Single precision, through a few hundred steps of recurrence: the new sum of e^logits is
  /// rounded differently.
  static let rounding = 2e-6

  struct Shape: CustomTestStringConvertible {
    var cell: CellKind
    var tiesEmbeddings: Bool
    var testDescription: String { "\(cell.rawValue)\(tiesEmbeddings ? ", tied" : "")" }
  }

  static let shapes = [
    Shape(cell: .lstm, tiesEmbeddings: false), Shape(cell: .gru, tiesEmbeddings: true),
  ]

  static func run(
    _ text: String, _ tokenizer: Tokenizer, _ shape: Shape, steps: Int,
    from origin: TextModel? = nil,
    learningRate: Double = 0.01
  ) throws -> TrainingRun {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 4
    configuration.windowLength = 16
    configuration.budget = .init(Double(steps), .steps)
    configuration.warmupSteps = 0
    configuration.learningRate = learningRate
    let path = FileManager.default.temporaryDirectory.appending(path: "model").path
    return try TrainingRun(
      tokens: .write([.text(text, name: "text")], tokenizer: tokenizer, beside: path),
      tokenizer: tokenizer,
      network: NetworkConfiguration(
        cell: shape.cell, vocabularySize: tokenizer.vocabularySize, embeddingSize: 24,
        hiddenSize: 24, layerCount: 2, tiesEmbeddings: shape.tiesEmbeddings),
      configuration: configuration, startingFrom: origin, processor: processor)
  }

  /// A model of the old text, in which 'u', 'w' and others that occur once in a sentence are too
  /// rare to be known.
  static func oldModel(_ shape: Shape) throws -> TextModel {
    let tokenizer = try Tokenizer.fit(
      [.text(oldText, name: "old")], configuration: TokenizerConfiguration(minimumCount: 60))
    #expect(tokenizer.encode("u w").ids.count { $0 == Vocabulary.unknown } == 2)
    return try run(oldText, tokenizer, shape, steps: 150).run { _ in }.model
  }

  static func nats(_ model: TextModel, _ text: String) -> [Double] {
    TrainingRunTests.nats(model, model.tokenizer.encode(text).ids)
  }

  @Test(arguments: shapes)
  func aTextOfTheOldCorpusScoresTheSameBeforeTheFirstStep(shape: Shape) throws {
    let old = try Self.oldModel(shape)
    let tokenizer = try old.tokenizer.extended(
      by: [.text(Self.newText, name: "new")], minimumCount: 1)
    let added = tokenizer.vocabularySize - old.tokenizer.vocabularySize
    #expect(added > 10)
    let new = old.extended(to: tokenizer, seed: 5, processor: Self.processor)
    let text = String(
      Self.oldText.filter { old.tokenizer.vocabulary.id(of: String($0)) != Vocabulary.unknown }
        .prefix(400))
    let (before, after) = (Self.nats(old, text), Self.nats(new, text))
    #expect(before.count == 400)
    for (before, after) in zip(before, after) {
      #expect(abs(before - after) < Self.rounding * max(1, before))
    }
    // The new tokens share the unknown token's probability in equal parts.
    let unknown = Self.nats(old, text + "Ж").last!
    for character in ["Ж", "ф"] {  // 'ф' is in neither text
      let share = Self.nats(new, text + character).last!
      #expect(abs(share - unknown - log(Double(added + 1))) < 1e-4)
    }
  }

  @Test(arguments: shapes)
  func trainingBeginsWithTheWeightsOfTheModel(shape: Shape) throws {
    let old = try Self.oldModel(shape)
    // At such a rate no weight changes: the output equals the input.
    var validatedSteps: [Int] = []
    let result = try Self.run(
      Self.oldText, old.tokenizer, shape, steps: 3, from: old, learningRate: 1e-30
    ).run { if case .validation(let result) = $0 { validatedSteps.append(result.step) } }
    #expect(TrainingRunTests.parameters(result.model) == TrainingRunTests.parameters(old))
    // They are validated before the first step, and nothing is better.
    #expect(validatedSteps == [0, 3])
    #expect(result.model.training.steps == 0)
    #expect(result.originNatsPerToken == result.model.training.validationNatsPerToken)
    #expect(result.lastNatsPerToken == result.originNatsPerToken)
    #expect(result.model.training.earlierSteps == old.training.steps)
  }

  /// Steps that only make the model worse leave its own weights as the result.
  @Test func aModelThatGetsWorseIsKept() throws {
    let shape = Self.shapes[0]
    let old = try Self.oldModel(shape)
    let result = try Self.run(
      Self.oldText, old.tokenizer, shape, steps: 5, from: old, learningRate: 3
    ).run { _ in }
    let origin = try #require(result.originNatsPerToken)
    #expect(try #require(result.lastNatsPerToken) > origin)
    #expect(TrainingRunTests.parameters(result.model) == TrainingRunTests.parameters(old))
  }

  @Test(arguments: shapes)
  func charactersThatWereUnknownAreLearned(shape: Shape) throws {
    let old = try Self.oldModel(shape)
    let tokenizer = try old.tokenizer.extended(
      by: [.text(Self.newText, name: "new")], minimumCount: 1)
    let extended = old.extended(to: tokenizer, seed: 5, processor: Self.processor)
    let result = try Self.run(Self.newText, tokenizer, shape, steps: 250, from: extended)
      .run { _ in }
    let nats = Self.nats(result.model, String(Self.newText.prefix(360)))
    // In a text that repeats after 36 characters, little remains uncertain.
    let rest: Double = nats.dropFirst(36).reduce(0, +)
    #expect(rest / 324 < 0.2)
  }

  @Test func snapshotsChangeNothing() throws {
    let tokenizer = try Tokenizer.fit(
      [.text(Self.oldText, name: "old")], configuration: TokenizerConfiguration())
    let run = try Self.run(Self.oldText, tokenizer, Self.shapes[0], steps: 20)
    var steps: [Int] = []
    let watched = try run.run(snapshotEvery: 6) {
      if case .snapshot(let model) = $0 { steps.append(model.training.steps) }
    }
    #expect(steps == [6, 12, 18])
    let alone = try run.run { _ in }
    #expect(TrainingRunTests.parameters(watched.model) == TrainingRunTests.parameters(alone.model))
  }

  @Test func theHistoryHasAPointForEachValidation() throws {
    var configuration = TrainingRunTests.configuration(steps: 60)
    configuration.evaluateEvery = 20
    let report = try TrainingRunTests.train(TrainingRunTests.text, configuration)
    let history = try #require(report.improvements.last?.training.history).points
    let last = try #require(history.last)
    #expect(history.map(\.step) == [20, 40, 60].filter { $0 <= last.step })
    #expect(last.validationNatsPerToken == report.result?.model.training.validationNatsPerToken)
    let first = report.steps.prefix(20)
    let tokens = first.reduce(0) { $0 + $1.tokenCount }
    let nats = first.reduce(0) { $0 + $1.natsPerToken * Double($1.tokenCount) }
    #expect(abs(history[0].trainingNatsPerToken - nats / Double(tokens)) < 1e-12)

    configuration.validationFraction = 0
    let alone = try TrainingRunTests.train(TrainingRunTests.text, configuration)
    let points = try #require(alone.result?.model.training.history).points
    #expect(points.map(\.step) == [20, 40, 60])
    #expect(points.allSatisfy { $0.validationNatsPerToken == nil })
  }
}
