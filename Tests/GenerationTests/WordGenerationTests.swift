import Generation
import Kernels
import Patterns
import TestSupport
import Testing
import Tokenization

/// Texts of known words, and texts that end where a reader expects it.
@Suite struct WordGenerationTests {
  private static let text =
    "The cat sat on a mat. \u{201C}Dorcas!\u{201D} said Éva; the dog\u{2019}s bone? No: 12 cats.\n\nOn.\n"
  private static let words = [
    "The", "the", "cat", "cats", "sat", "on", "a", "mat", "Dorcas", "Éva", "dog\u{2019}s",
  ]

  private static let runs = Set(words.flatMap { runs(of: $0) })

  private static func runs(of text: String) -> [String] {
    // Letters of scripts that are newer than the tables of `\w` count as separators.
    text.unicodeScalars.split { !($0.properties.isAlphabetic && $0.value < 0x250) }.map {
      String($0)
    }
  }

  private func generate(
    _ unit: TokenUnit = .scalar, after prompt: String = "", length: Int = 200, seed: UInt64,
    _ change: (inout StoppingCriteria) throws -> Void
  ) throws -> String {
    let model = try SampleModel(
      vocabularyOf: Self.text, TokenizerConfiguration(unit: unit)
    ) { _ in }
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    var criteria = StoppingCriteria(length: length)
    try change(&criteria)
    return try generator.generate(
      after: Prompt(prompt, tokenizer: model.text.tokenizer), count: 1, until: criteria, seed: seed)[
        0
      ]
      .text
  }

  @Test(arguments: TokenUnit.allCases)
  func everyWordIsOneOfTheList(unit: TokenUnit) throws {
    for seed in 1...(unit == .byte ? 3 : 8) as ClosedRange<UInt64> {
      let text = try generate(unit, seed: seed) {
        $0.pattern = Pattern(words: Self.words)
        $0.leavesPattern = false
      }
      let runs = Self.runs(of: text)
      #expect(!runs.isEmpty)
      for run in runs { #expect(Self.runs.contains(run), "\(run) in \(text)") }
      #expect((150...200).contains(text.unicodeScalars.count))
      // It does not end within a word.
      #expect(text.last.map { !$0.isLetter } ?? false, "\(text)")
    }
  }

  @Test(arguments: ["D", "Dor", "sat", "dog\u{2019}", "xyz"])
  func aWordThatThePromptBeganIsContinued(beginning: String) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let text = try generate(after: "a " + beginning, length: 40, seed: seed) {
        $0.pattern = Pattern(words: Self.words, after: beginning)
        $0.leavesPattern = false
      }
      let end = text.prefix { $0.isLetter || $0.isNumber }
      let isKnown = Self.words.contains { $0.hasPrefix(beginning) }
      if isKnown {
        #expect(Self.words.contains { $0.hasPrefix(beginning + end) }, "\(beginning)|\(text)")
      }
      // What no word continues is ended at once.
      if !isKnown { #expect(end.isEmpty, "\(text)") }
    }
  }

  @Test func onlyNamesOfTheListAreWritten() throws {
    var isFree = false
    for seed in 1...8 as ClosedRange<UInt64> {
      let text = try generate(seed: seed) {
        $0.pattern = Pattern(names: ["Dorcas", "Éva"])
        $0.leavesPattern = false
      }
      for run in Self.runs(of: text) {
        if run.first!.isUppercase { #expect(["Dorcas", "Éva"].contains(run), "\(run)") }
        if run.first!.isLowercase, !Self.runs.contains(run) { isFree = true }
      }
    }
    #expect(isFree)
  }

  @Test(arguments: TextBoundary.allCases, [TokenUnit.scalar, .grapheme, .byte])
  func aTextIsFinished(boundary: TextBoundary, unit: TokenUnit) throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let text = try generate(unit, length: 30, seed: seed) { $0.finish = boundary }
      let count = text.unicodeScalars.count
      #expect(count >= 30)
      guard count < 30 + StoppingCriteria.mostCharactersToFinish else { continue }
      let tail = text.trimmingSuffix { "\u{201D}\u{201C}\"'".contains($0) }
      switch boundary {
      case .word, .line: break
      case .sentence: #expect(tail.last.map { ".!?".contains($0) } ?? false, "\(text)")
      case .paragraph: #expect(text.last == "\n", "\(text)")
      }
      // Without an end, the same tokens continue with what may follow one.
      let longer = try generate(unit, length: count + 1, seed: seed) { _ in }
      #expect(longer.hasPrefix(text))
      let next = longer.unicodeScalars.last!
      switch boundary {
      case .word:
        let last = text.unicodeScalars.last!
        #expect(!(last.properties.isAlphabetic && next.properties.isAlphabetic))
      case .sentence: #expect(next.properties.isWhitespace)
      case .line, .paragraph: #expect(next == "\n")
      }
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var end = endIndex
    while end > startIndex, predicate(self[index(before: end)]) { end = index(before: end) }
    return self[..<end]
  }
}
