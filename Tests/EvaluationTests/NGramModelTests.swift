import Evaluation
import Foundation
import Kernels
import Testing
import Tokenization

@Suite struct NGramModelTests {
  /// Sums of some hundred terms near 1.
  static let tolerance = 1e-12
  static let alphabetSize = 12

  /// Texts in which some n-grams come often and many only once: tokens 2 to 9, of which 10 to 12 are never seen.
  static let texts: [[TokenID]] = {
    var random = RandomStream(seed: 3)
    return [900, 1, 40].map { length in
      var last = 2
      return (0..<length).map { _ in
        let step = random.nextUniform() < 0.6 ? 1 : Int(random.nextUniform() * 8)
        last = 2 + (last - 2 + step) % 8
        return TokenID(last)
      }
    }
  }()

  static func model(order: Int) -> NGramModel {
    var counts = NGramCounts(maximumOrder: order)
    for text in texts { counts.append([Vocabulary.endOfText] + text) }
    return NGramModel(counts, alphabetSize: alphabetSize)
  }

  /// Of the same texts as documents of one text, whose ends are counted.
  static func documentModel(order: Int) -> NGramModel {
    var counts = NGramCounts(maximumOrder: order, documents: .lines)
    for text in texts { counts.append([Vocabulary.endOfText] + text) }
    counts.append([Vocabulary.endOfText])
    return NGramModel(counts, alphabetSize: alphabetSize + 1)
  }

  @Test(arguments: [1, 2, 3, 4])
  func theEndOfADocumentIsATokenLikeOthers(order: Int) {
    let model = Self.documentModel(order: 5)
    let naive = NaiveKneserNey(
      Self.texts.map { $0 + [Vocabulary.endOfText] }, order: order,
      alphabetSize: Self.alphabetSize + 1)
    for text in [Self.texts[0].prefix(25), Self.texts[1][...], Self.texts[0].suffix(3)] {
      var context = model.emptyContext
      var probabilities: [Double] = []
      model.advance(Vocabulary.endOfText, &context, probabilities: &probabilities)
      var history = [Vocabulary.endOfText]
      for token in text + [Vocabulary.endOfText] + text {
        model.advance(token, &context, probabilities: &probabilities)
        let expected = naive.probability(of: token, after: history)
        #expect(abs(probabilities[order - 1] - expected) < Self.tolerance)
        // A document begins as if nothing preceded it.
        if token == Vocabulary.endOfText { history = [] }
        history.append(token)
      }
    }
  }

  /// All that can come: everything but the end of a text.
  static let alphabet = (0...12).map { TokenID($0) }.filter { $0 != Vocabulary.endOfText }

  @Test func probabilitiesOfTheAlphabetAddUpToOneAfterEveryContext() {
    let model = Self.model(order: 6)
    #expect(Self.alphabet.count == Self.alphabetSize)
    var contexts: [NGramModel.Context] = [model.emptyContext]
    var random = RandomStream(seed: 4)
    var probabilities: [Double] = []
    // Along a text of the training, and along one of which nothing was ever seen.
    for text in [Self.texts[0].prefix(300), (0..<300).map { _ in randomToken(&random) }[...]] {
      var context = model.emptyContext
      for token in [Vocabulary.endOfText] + text {
        model.advance(token, &context, probabilities: &probabilities)
        contexts.append(context)
      }
    }
    for context in contexts {
      var sums = [Double](repeating: 0, count: 6)
      for token in Self.alphabet {
        var context = context
        model.advance(token, &context, probabilities: &probabilities)
        #expect(probabilities.allSatisfy { $0 > 0 })
        for order in 0..<6 { sums[order] += probabilities[order] }
      }
      #expect(sums.allSatisfy { abs($0 - 1) < Self.tolerance }, "\(sums)")
    }
  }

  private func randomToken(_ random: inout RandomStream) -> TokenID {
    Self.alphabet[Int(random.nextUniform() * Double(Self.alphabet.count))]
  }

  @Test(arguments: [1, 2, 3, 4])
  func everyOrderEqualsTheEquations(order: Int) {
    let model = Self.model(order: 5)
    let naive = NaiveKneserNey(Self.texts, order: order, alphabetSize: Self.alphabetSize)
    var random = RandomStream(seed: 5)
    let unseen = (0..<20).map { _ in randomToken(&random) }
    for text in [Array(Self.texts[0].prefix(25)), unseen] {
      var context = model.emptyContext
      var probabilities: [Double] = []
      model.advance(Vocabulary.endOfText, &context, probabilities: &probabilities)
      var history = [Vocabulary.endOfText]
      for token in text {
        model.advance(token, &context, probabilities: &probabilities)
        let expected = naive.probability(of: token, after: history)
        #expect(abs(probabilities[order - 1] - expected) < Self.tolerance)
        history.append(token)
      }
    }
  }

  @Test func withoutAnyTextTheChoiceIsUniform() {
    let model = NGramModel(NGramCounts(maximumOrder: 3), alphabetSize: 4)
    var context = model.emptyContext
    var probabilities: [Double] = []
    for token in [Vocabulary.endOfText, 0, 2, 3] {
      model.advance(token, &context, probabilities: &probabilities)
      #expect(probabilities == [0.25, 0.25, 0.25])
    }
  }

  /// A source of order 2 over four letters, whose probabilities are known.
  struct Source {
    let rows: [[Double]]

    init(_ random: inout RandomStream) {
      rows = (0..<16).map { _ in
        let weights = (0..<4).map { _ in -log(1 - random.nextUniform()) + 0.05 }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
      }
    }

    /// A text and the nats that it costs one who knows the source.
    func draw(_ count: Int, _ random: inout RandomStream) -> (text: String, nats: Double) {
      var (context, nats) = (0, 0.0)
      var text = ""
      for _ in 0..<count {
        var (letter, rest) = (0, random.nextUniform())
        while letter < 3, rest >= rows[context][letter] {
          rest -= rows[context][letter]
          letter += 1
        }
        nats -= log(rows[context][letter])
        context = (context * 4 + letter) % 16
        text.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "a") + UInt8(letter)))
      }
      return (text, nats)
    }
  }

  /// Within half a percent of what the text costs one who knows its source; orders too low are far off.
  @Test func theRightOrderFindsTheEntropyOfASource() throws {
    var random = RandomStream(seed: 6)
    let source = Source(&random)
    let training = TextSource.text(source.draw(30_000, &random).text, name: "training")
    let (text, nats) = source.draw(10_000, &random)
    let tokenizer = try Tokenizer.fit([training], configuration: TokenizerConfiguration())
    var counts = NGramCounts(maximumOrder: 4)
    let read = try counts.append([training], tokenizer: tokenizer)
    #expect(read == (30_000, true))
    let model = NGramModel(counts, alphabetSize: tokenizer.vocabularySize - 1)
    let found = try model.nats(of: .text(text, name: "text"), tokenizer: tokenizer)
    #expect(abs(found[3] / nats - 1) < 0.005, "\(found[3] / nats)")
    #expect(found[1] / nats > 1.05 && found[2] / nats > 1.02, "\(found.map { $0 / nats })")
    // Four letters, and what is unknown.
    #expect(abs(found[0] / (10_000 * log(5)) - 1) < Self.tolerance)
  }

  @Test func unknownCharactersCostWhatTheyCostANetwork() throws {
    let training = TextSource.text("ab", name: "training")
    let tokenizer = try Tokenizer.fit([training], configuration: TokenizerConfiguration())
    let model = NGramModel(NGramCounts(maximumOrder: 2), alphabetSize: tokenizer.vocabularySize - 1)
    let nats = try model.nats(of: .text("aΩ", name: "text"), tokenizer: tokenizer)
    let expected = 2 * log(3) + tokenizer.unknownNats()
    #expect(nats.allSatisfy { abs($0 - expected) < Self.tolerance })
  }

  @Test func countingStopsWhereMemoryWouldGrowTooFar() throws {
    let texts = [TextSource.text("abcabd", name: "one"), .text("xyzuvw", name: "two")]
    let tokenizer = try Tokenizer.fit(texts, configuration: TokenizerConfiguration())
    var all = NGramCounts(maximumOrder: 3)
    #expect(try all.append(texts, tokenizer: tokenizer) == (12, true))
    var few = NGramCounts(maximumOrder: 3)
    let read = try few.append(texts, tokenizer: tokenizer, limit: 5)
    #expect(read.characters <= 6 && !read.isComplete)
    #expect(few.count < all.count && few.count >= 5)
  }
}
