import Evaluation
import Kernels
import Serving
import Testing

@Suite struct TextScorerTests {
  @Test func figuresAndUnitsAreTheEvaluators() async throws {
    let model = try ServedModel.sample()
    let scorer = TextScorer(processor: Processor(threadCount: 2))
    let text = "The lazy dög. Ω"
    let score = try await scorer.score(text, with: model, candidateCount: 3)
    var evaluator = Evaluator(model.model, processor: Processor(threadCount: 1))
    let result = try evaluator.evaluate(.text(text, name: "text"))
    #expect(score.result == result)
    let units = try #require(score.units)
    #expect(units.map(\.text).joined() == text)
    #expect(units.last?.unknown == true)
    #expect(abs(units.reduce(0) { $0 + $1.bits } - result.bitsPerCharacter * 15) < 1e-9)
    for unit in units {
      #expect(unit.candidates.count == 3)
      #expect(unit.candidates[0].probability >= unit.candidates[1].probability)
    }
    #expect(try await scorer.score(text, with: model, candidateCount: nil).units == nil)
  }

  @Test func whoLeavesLeavesNoWork() async throws {
    let model = try ServedModel.sample()
    let scorer = TextScorer(processor: Processor(threadCount: 1))
    let text = String(repeating: "The lazy dog. ", count: 200_000)
    let task = Task { try await scorer.score(text, with: model, candidateCount: nil) }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    let next = try await scorer.score("The next", with: model, candidateCount: nil)
    #expect(next.result.characters == 8)
  }

  @Test func anEmptyTextIsRefused() async throws {
    let model = try ServedModel.sample()
    let scorer = TextScorer(processor: Processor(threadCount: 1))
    await #expect(throws: EvaluationError.self) {
      _ = try await scorer.score("", with: model, candidateCount: nil)
    }
  }
}
