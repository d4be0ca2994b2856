import Evaluation
import Foundation
import Kernels
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

/// The figures of a model whose texts hold several documents.
@Suite struct DocumentScoreTests {
  static let text = "The quick fox\nbrown\n\n\n\nquick ö\n\nfox — é\nZ\n\n"

  private func model(_ unit: TokenUnit, _ documents: DocumentSeparator) throws -> SampleModel {
    try SampleModel(
      vocabularyOf: EvaluatorTests.known, TokenizerConfiguration(unit: unit, documents: documents))
  }

  /// -log p of every token of the text, computed one after another; the line feeds that separate
  /// documents cost the end-of-text token.
  private func naiveNats(_ text: String, _ model: SampleModel) -> [Double] {
    let tokenizer = model.text.tokenizer
    let scalars = Array(text.unicodeScalars)
    var ids: [TokenID] = []
    for (index, scalar) in scalars.enumerated() {
      let isLast = index + 1 == scalars.count || scalars[index + 1] != "\n"
      let isBlank = index > 0 && scalars[index - 1] == "\n"
      let separates = tokenizer.configuration.documents == .lines || isBlank && isLast
      ids.append(
        scalar == "\n" && separates
          ? Vocabulary.endOfText : tokenizer.vocabulary.id(of: String(scalar)))
    }
    var predictor = Predictor(weights: model.text.weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(model.text.weights.configuration)
    var logits: [Float] = []
    var previous = Vocabulary.endOfText
    return ids.map { token in
      predictor.advance([previous], state: &state, logits: &logits)
      previous = token
      return -logProbability(of: token, logits)
        + (token == Vocabulary.unknown ? tokenizer.unknownNats() : 0)
    }
  }

  @Test(arguments: [DocumentSeparator.blankLines, .lines])
  func bitsPerCharacterCountTheEndOfEachDocument(documents: DocumentSeparator) throws {
    let model = try model(.scalar, documents)
    let nats = naiveNats(Self.text, model)
    let result = try model.evaluate(Self.text)
    // Every character of the text, separators included, costs something, and nothing is free.
    #expect(result.characters == Self.text.unicodeScalars.count)
    #expect(result.bytes == Self.text.utf8.count)
    #expect(result.tokens == nats.count)
    #expect(result.unknownCharacters == 1)  // Z
    let bits = nats.reduce(0, +) / log(2) / Double(Self.text.unicodeScalars.count)
    #expect(
      relativeError([result.bitsPerCharacter], [bits]) < EvaluatorTests.relativeTolerance)
    #expect(try model.evaluate(Array(Self.text.utf8), chunkByteCount: 1) == result)
  }

  /// So that the heat map, the table and `compare` have the text as it is.
  @Test(arguments: [TokenUnit.scalar, .grapheme, .byte], DocumentSeparator.allCases)
  func theScoredUnitsAreTheText(unit: TokenUnit, documents: DocumentSeparator) throws {
    let model = try model(unit, documents)
    let observer = RecordingObserver(candidateCount: 0)
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    let result = try evaluator.evaluate(
      .text(Self.text, name: "text"), observers: [observer])
    let spelled = observer.units.map(\.spelling).joined()
    #expect(spelled.utf8.elementsEqual(Self.text.utf8))
    #expect(observer.units.reduce(0) { $0 + $1.characterCount } == result.characters)
    let nats = observer.units.reduce(0) { $0 + $1.nats }
    #expect(relativeError([nats], [result.nats]) < EvaluatorTests.relativeTolerance)
  }

  @Test func modelsOfDifferentDocumentsAreComparedOnTheSameCharacters() throws {
    let models = try DocumentSeparator.allCases.map { try model(.scalar, $0).text }
    let text = String(repeating: Self.text, count: 60)
    let comparison = try ModelComparison(
      models, on: [.text(text, name: "text")], processor: Processor(threadCount: 1))
    #expect(comparison.results.allSatisfy { $0.characters == text.unicodeScalars.count })
    #expect(comparison.difference(of: 0, and: 1).natsPerCharacter != 0)
  }

  @Test(arguments: [DocumentSeparator.blankLines, .lines])
  func nGramModelsScoreTheEndsOfDocuments(documents: DocumentSeparator) throws {
    let training = TextSource.text("ab\n\nab\n\nabb\n\n", name: "training")
    let tokenizer = try Tokenizer.fit(
      [training], configuration: TokenizerConfiguration(documents: documents))
    var counts = NGramCounts(maximumOrder: 2, documents: documents)
    _ = try counts.append([training], tokenizer: tokenizer)
    let model = NGramModel(counts, alphabetSize: tokenizer.alphabetSize)
    let text = TextSource.text("ab\n\n", name: "text")
    let nats = try model.nats(of: text, tokenizer: tokenizer)
    // Unknown, a, b, the end of a document and, where lines do not end documents, a line feed.
    let alphabetSize = documents == .lines ? 4.0 : 5
    #expect(abs(nats[0] - 4 * log(alphabetSize)) < NGramModelTests.tolerance)
    var context = model.emptyContext
    var probabilities: [Double] = []
    model.advance(Vocabulary.endOfText, &context, probabilities: &probabilities)
    var sums = [0.0, 0]
    for token in tokenizer.encode("ab\n\n").ids {
      model.advance(token, &context, probabilities: &probabilities)
      for order in 0..<2 { sums[order] -= log(probabilities[order]) }
    }
    #expect(abs(nats[1] - sums[0]) < NGramModelTests.tolerance)
    #expect(abs(nats[2] - sums[1]) < NGramModelTests.tolerance)
  }
}
