import Evaluation
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct ConfidenceIntervalTests {
  /// Blocks of a source whose hard and easy stretches last some 100 characters: what a block costs depends on
  /// the one before it only a little.
  static func blocks(_ count: Int, mean: Double, _ random: inout RandomStream) -> CodeLengthBlocks {
    var blocks = CodeLengthBlocks()
    var level = 0.0
    for _ in 0..<count * 10 {
      // What is hard stays so for some 100 characters, the tenth of a block.
      level = 0.25 * level + 0.5 * random.nextNormal()
      blocks.add(nats: 100 * (mean + 0.4 * level + 0.1 * random.nextNormal()), characters: 100)
    }
    blocks.endText()
    return blocks
  }

  /// 95 of 100 intervals hold the true mean. Of 400 the standard error is 1.1 %; with few blocks the percentile
  /// interval is known to be a little narrow.
  @Test(arguments: [(20, 0.87), (100, 0.91)])
  func intervalsHoldTheTrueValueAsOftenAsTheySay(blockCount: Int, least: Double) throws {
    var random = RandomStream(seed: 11)
    var held = 0
    for _ in 0..<400 {
      let interval = try #require(
        ConfidenceInterval(
          Self.blocks(blockCount, mean: 2, &random), drawCount: 300, seed: random.next()))
      if interval.lowerNatsPerCharacter...interval.upperNatsPerCharacter ~= 2 { held += 1 }
    }
    let share = Double(held) / 400
    #expect(share > least && share < 0.98, "\(share)")
  }

  @Test func theIntervalShrinksWithTheRootOfTheLength() throws {
    var random = RandomStream(seed: 12)
    let widths = try [50, 800].map { count in
      let interval = try #require(ConfidenceInterval(Self.blocks(count, mean: 2, &random)))
      return interval.upperNatsPerCharacter - interval.lowerNatsPerCharacter
    }
    // 4, give or take what 50 blocks know of their own spread.
    #expect(2.8...5.2 ~= widths[0] / widths[1], "\(widths)")
  }

  @Test func equalBlocksLeaveNoDoubt() throws {
    var blocks = CodeLengthBlocks()
    for _ in 0..<30_000 { blocks.add(nats: 1.5, characters: 1) }
    blocks.endText()
    let interval = try #require(ConfidenceInterval(blocks))
    #expect(interval.lowerNatsPerCharacter == 1.5)
    #expect(interval.upperNatsPerCharacter == 1.5)
  }

  @Test func aShortTextHasNone() {
    var blocks = CodeLengthBlocks()
    #expect(ConfidenceInterval(blocks) == nil)
    for _ in 0..<19_400 { blocks.add(nats: 1, characters: 1) }
    blocks.endText()
    #expect(blocks.count == 19)  // the last one has the 400 of the rest
    #expect(ConfidenceInterval(blocks) == nil)
  }

  @Test func blocksOfALongTextGrowSoThatMemoryDoesNot() throws {
    var blocks = CodeLengthBlocks()
    for index in 0..<20_000 { blocks.add(nats: Double(index), characters: 1_000) }
    blocks.endText()
    #expect(blocks.charactersPerBlock == 4_000)
    #expect(blocks.count == 5_000)
    #expect(blocks.nats == Double(20_000 * 19_999 / 2))
    let interval = try #require(ConfidenceInterval(blocks, drawCount: 100))
    #expect(interval.lowerNatsPerCharacter < 9.9995 && interval.upperNatsPerCharacter > 9.9995)

    // Texts of blocks of different lengths are brought to the longer one.
    var others = CodeLengthBlocks()
    for _ in 0..<8 { others.add(nats: 1, characters: 1_000) }
    others.endText()
    var first = others
    first += blocks
    blocks += others
    #expect(first.charactersPerBlock == 4_000 && blocks.charactersPerBlock == 4_000)
    #expect(first.count == 5_002 && blocks.count == 5_002)
    #expect(first.nats == blocks.nats)
  }

  @Test func theBlocksOfATextAddUpToItsCodeLength() throws {
    let model = try SampleModel(vocabularyOf: EvaluatorTests.known)
    let text = String(repeating: EvaluatorTests.text, count: 40)
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    var total = EvaluationResult()
    for _ in 0..<2 { total += try evaluator.evaluate(.text(text, name: "text")) }
    #expect(total.unknownCharacters > 0)
    #expect(relativeError([total.blocks.nats], [total.nats]) < 1e-12)
    #expect(total.blocks.characters == total.characters)
    #expect(total.blocks.count == total.characters / 1_000)
  }
}
