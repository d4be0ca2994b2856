import Evaluation
import Kernels
import TestSupport
import Testing
import Tokenization

/// What a text has in common with a corpus, against sets of n-grams.
@Suite struct CorpusMatcherTests {
  private func tokenizer(
    of text: String, _ configuration: TokenizerConfiguration = TokenizerConfiguration()
  ) throws -> Tokenizer {
    try Tokenizer.fit([.text(text, name: "sample")], configuration: configuration)
  }

  private func overlap(
    _ text: [String], with corpus: [String], _ tokenizer: Tokenizer
  ) throws -> CorpusOverlap {
    var matcher = try CorpusMatcher(
      text.map { .text($0, name: "text") }, tokenizer: tokenizer)
    for (number, part) in corpus.enumerated() {
      try matcher.read(.text(part, name: "corpus \(number)"))
    }
    return matcher.overlap()
  }

  @Test func figuresEqualThoseOfSetsOfNgrams() throws {
    var random = RandomStream(seed: 5)
    for round in 0..<300 {
      // From unary to nearly all different, and a symbol that the vocabulary does not know.
      let alphabet = Array("abcdefghijklmnopqrst?".unicodeScalars.suffix(2 + round % 20))
      let known = String(String.UnicodeScalarView(alphabet.filter { $0 != "?" }))
      func texts(_ lengths: [Int]) -> [String] {
        lengths.map { length in
          String(
            String.UnicodeScalarView(
              (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }))
        }
      }
      let text = texts([round % 40, 60, 1])
      let corpus = texts([0, 150, round])
      let naive = NaiveOverlap(text, corpus)
      let overlap = try overlap(text, with: corpus, tokenizer(of: known))
      for length in 1...40 {
        let ngrams = overlap.ngrams(ofLength: length)
        #expect(ngrams.count == naive.ngrams(length).count)
        #expect(ngrams.novel == naive.novel(length).count, "\(length) of \(text) in \(corpus)")
      }
      let copies = overlap.longestCopies(1_000)
      #expect(copies.first?.length ?? 0 == naive.longestCopy)
      #expect(copies.allSatisfy { naive.holds($0) }, "\(copies)")
    }
  }

  @Test func aTextCutFromTheCorpusHasNothingNovelAndIsOneCopy() throws {
    let lines = (0..<300).map { "\($0 * $0): a sheep\n" }
    let corpus = lines.joined()
    let text = lines[200..<230].joined()
    let overlap = try overlap([text], with: ["something else", corpus], tokenizer(of: corpus))
    for length in 1...text.unicodeScalars.count {
      #expect(overlap.novelShare(ofLength: length) == 0)
    }
    #expect(overlap.novelShare(ofLength: text.unicodeScalars.count + 1) == nil)
    let copies = overlap.longestCopies(5)
    #expect(copies.map(\.text) == [text])
    #expect(copies[0].length == text.unicodeScalars.count)
    #expect(copies[0].textOffset == 0)
    #expect(copies[0].corpusName == "corpus 1")
    #expect(copies[0].corpusOffset == lines[..<200].joined().unicodeScalars.count)
    #expect(copies[0].line == 201)
  }

  @Test func longestCopiesDoNotOverlapAndComeOnce() throws {
    let corpus = "the long road\nto the salt sea"
    let tokenizer = try tokenizer(of: corpus + "#")
    let overlap = try overlap(
      ["the long road#the salt sea#the long road#long roads#to t"], with: [corpus], tokenizer)
    let copies = overlap.longestCopies(4)
    #expect(copies.map(\.text) == ["the long road", "the salt sea", "long road", "to t"])
    #expect(copies.map(\.textOffset) == [0, 14, 41, 52])
    #expect(copies.map(\.corpusOffset) == [0, 17, 4, 14])
    #expect(copies.map(\.line) == [1, 2, 1, 2])
    #expect(overlap.longestCopies(2).count == 2)
  }

  @Test func aCopyThatSpansLinesBeginsAtItsFirst() throws {
    let corpus = "one\ntwo\nthree\nfour\n"
    let overlap = try overlap(["wo\nthree\n"], with: [corpus], tokenizer(of: corpus))
    #expect(overlap.longestCopies(1).map(\.line) == [2])
    let flat = try self.overlap(["two"], with: ["one two"], tokenizer(of: "one two"))
    #expect(flat.longestCopies(1).map(\.line) == [nil])
    #expect(flat.longestCopies(1).map(\.corpusOffset) == [4])
  }

  /// An unknown character may stand for any, so that nothing can be said of n-grams with one.
  @Test func unknownCharactersAreLeftOutOnBothSides() throws {
    let overlap = try overlap(["abXcdYab"], with: ["abXcd", "Xabcd"], tokenizer(of: "abcd"))
    #expect(overlap.tokens == 6)
    #expect(overlap.ngrams(ofLength: 2) == (count: 3, novel: 0))
    #expect(overlap.ngrams(ofLength: 3) == (count: 0, novel: 0))
  }

  @Test func nothingGoesOverTheEndOfATextOrFile() throws {
    let overlap = try overlap(["abc", "def"], with: ["xabcde", "fx"], tokenizer(of: "abcdefx"))
    #expect(overlap.ngrams(ofLength: 3) == (count: 2, novel: 1))
    #expect(overlap.longestCopies(9).map(\.text) == ["abc", "de", "f"])
  }

  @Test func textAndCorpusAreNormalizedAlike() throws {
    let configuration = TokenizerConfiguration(foldsCase: true)
    let overlap = try overlap(
      ["Caf\u{E9}\r\n"], with: ["CAFE\u{301}\n"], tokenizer(of: "CAF\u{C9}\n", configuration))
    #expect(overlap.novelShare(ofLength: 5) == 0)
  }

  @Test(arguments: [TokenUnit.byte, .grapheme])
  func otherUnitsAreComparedAsTheyAre(unit: TokenUnit) throws {
    let corpus = "e\u{301}\u{2603}\r\nsheep\r\n"
    let configuration = TokenizerConfiguration(unit: unit, newlines: .keep)
    let overlap = try overlap(["sheep\r\n"], with: [corpus], tokenizer(of: corpus, configuration))
    let length = unit == .byte ? 7 : 6
    #expect(overlap.ngrams(ofLength: length) == (count: 1, novel: 0))
    #expect(overlap.longestCopies(1).map(\.line) == [2])
    #expect(overlap.longestCopies(1).map(\.corpusOffset) == [unit == .byte ? 7 : 3])
  }

  @Test func noCorpusAndNoTextHaveNothingInCommon() throws {
    let tokenizer = try tokenizer(of: "ab")
    #expect(try overlap(["abab"], with: [], tokenizer).novelShare(ofLength: 1) == 1)
    #expect(try overlap(["abab"], with: [], tokenizer).longestCopies(3).isEmpty)
    #expect(try overlap([], with: ["abab"], tokenizer).novelShare(ofLength: 1) == nil)
    #expect(try overlap(["", "?"], with: ["abab"], tokenizer).longestCopies(3).isEmpty)
  }

  @Test func aTextOfSeveralChunksIsReadWhole() throws {
    let line = "abcdefghi\n"
    let corpus = String(repeating: line, count: 110_000) + "the end"
    var matcher = try CorpusMatcher(
      [.text("i\nthe end", name: "text")], tokenizer: tokenizer(of: corpus))
    var progress: [Int] = []
    let count = try matcher.read(.text(corpus, name: "corpus")) { progress.append($0) }
    #expect(count == 1_100_007 && matcher.corpusTokens == count)
    #expect(progress.count > 1 && progress.last == count)
    #expect(matcher.overlap().longestCopies(1).map(\.line) == [110_000])
    #expect(matcher.overlap().novelShare(ofLength: 9) == 0)
  }
}
