import Evaluation
import Kernels
import TestSupport
import Testing
import Tokenization

/// Texts that are scored side by side, against the same ones by one.
@Suite struct SeveralTextsTests {
  private static let known = EvaluatorTests.known
  /// Short ones and, in the middle, one that is long enough for lanes.
  private static let texts =
    (1...40).map { String(known.prefix($0)) }
    + [String(repeating: known, count: 200)]
    + (1...300).map { "\($0) " + known.suffix($0 % 30) }

  private static func sources(_ texts: [String]) -> [TextSource] {
    texts.enumerated().map { .text($0.element, name: "text \($0.offset)") }
  }

  /// What an observer sees, text after text.
  private final class Recorder: ScoreObserver {
    let candidateCount: Int
    private(set) var seen: [String] = []

    init(candidateCount: Int = 0) { self.candidateCount = candidateCount }

    func beginText(named name: String) { seen.append(name) }
    func append(_ units: [ScoredUnit]) { seen += units.map { "\($0.spelling) \($0.nats)" } }
    func endText(_ result: EvaluationResult) { seen.append("\(result.nats)") }
  }

  @Test(arguments: [1, 2], [1, 3])
  func figuresAreThoseOfEachTextAlone(modelCount: Int, threadCount: Int) throws {
    let models = try (0..<modelCount).map { number in
      try SampleModel(vocabularyOf: Self.known, weight: number == 0 ? nil : 0.01).text
    }
    let processor = Processor(threadCount: threadCount)
    var evaluator = try Evaluator(models, processor: processor)
    for candidateCount in [0, 2] {
      let (one, all) = (
        Recorder(candidateCount: candidateCount), Recorder(candidateCount: candidateCount)
      )
      let expected = try Self.sources(Self.texts).map {
        try evaluator.evaluate($0, observers: [one])
      }
      var ends: [Int: EvaluationResult] = [:]
      let results = try evaluator.evaluate(
        Self.sources(Self.texts), observers: [all], progress: { ends[$0] = $1 })
      #expect(results == expected)
      #expect(all.seen == one.seen)
      #expect(ends.keys.max() == Self.texts.count - 1)
    }
  }

  @Test func anErrorComesWhenItIsTheTextsTurn() throws {
    let model = try SampleModel(vocabularyOf: Self.known)
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    for broken in [TextSource.bytes([0x66, 0xFF], name: "broken"), .text("", name: "broken")] {
      let recorder = Recorder()
      let sources = Self.sources(["fox", "quick"]) + [broken] + Self.sources(["brown"])
      #expect(throws: (any Error).self) {
        try evaluator.evaluate(sources, observers: [recorder])
      }
      #expect(recorder.seen.filter { $0.hasPrefix("text") } == ["text 0", "text 1"])
    }
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try evaluator.evaluate(Self.sources(Self.texts), progress: { _, _ in throw Stop() })
    }
    #expect(try evaluator.evaluate([]).isEmpty)
  }
}
