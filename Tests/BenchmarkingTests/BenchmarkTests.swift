import Benchmarking
import Kernels
import RecurrentNetwork
import Testing

/// The measured work is done and counted on every instruction set; nothing is claimed about its
/// speed.
struct BenchmarkTests {
  static let processors = InstructionSet.available.flatMap { instructionSet in
    [1, 3].map { Processor(instructionSet: instructionSet, threadCount: $0) }
  }

  @Test(arguments: processors)
  func thePeakOfOneThreadIsThatOfAllWhereThereIsOne(processor: Processor) {
    let peak = ProductPeak.measure(processor, seconds: 0.01)
    #expect(peak.operationsPerSecondOfOneThread > 1e6)
    if processor.team.threadCount == 1 {
      #expect(peak.operationsPerSecond == peak.operationsPerSecondOfOneThread)
    }
  }

  @Test func noWorkHasMoreThanThePeak() {
    let low = ProductPeak(operationsPerSecondOfOneThread: 60, operationsPerSecond: 90)
    let high = ProductPeak(operationsPerSecondOfOneThread: 50, operationsPerSecond: 100)
    let peak = low.raised(to: high)
    #expect(peak.operationsPerSecondOfOneThread == 60)
    #expect(peak.operationsPerSecond == 100)
    let speed = Speed(timing: Timing([2]), operationCount: 190)  // 95 a second
    #expect(peak.fraction(of: speed) == 0.95)
    #expect(low.fraction(of: speed) == nil)
  }

  @Test(arguments: processors, CellKind.allCases)
  func everyCellTrainsAndReads(processor: Processor, cell: CellKind) throws {
    let shape = TrainingShape(
      cell, layers: 2, hiddenSize: 5, batchSize: 3, windowLength: 4, vocabularySize: 6)
    let training = try TrainingBenchmark.measure(shape, processor: processor, seconds: 0.001)
    #expect(training.characterCount == 12)
    #expect(
      training.operationCount
        == UsefulOperations.training(shape.network, batchSize: 3, windowLength: 4))
    let generation = try GenerationBenchmark.measure(
      InferenceShape(shape.network), processor: processor, seconds: 0.001)
    #expect(generation.characterCount == 200)
    #expect(generation.operationCount == 200 * UsefulOperations.reading(shape.network))
  }

  @Test(arguments: processors)
  func everyProductOfAStepIsMeasured(processor: Processor) {
    let shape = TrainingShape(
      .gru, layers: 1, hiddenSize: 5, batchSize: 7, windowLength: 3, vocabularySize: 11)
    let products = ProductShape.all(of: shape)
    #expect(
      products == [
        ProductShape(.recurrent, rows: 7, depth: 5, columns: 15),
        ProductShape(.recurrentBackward, rows: 7, depth: 15, columns: 5),
        ProductShape(.weightGradient, rows: 15, depth: 21, columns: 5),
        ProductShape(.projection, rows: 21, depth: 5, columns: 11),
      ])
    for product in products {
      let speed = ProductBenchmark.measure(product, processor: processor, seconds: 0.001)
      #expect(speed.operationCount == 2 * Double(product.rows * product.depth * product.columns))
      #expect(speed.operationsPerSecond.isFinite)
    }
  }

  @Test func aVocabularyWithoutCharactersIsRejected() {
    let network = NetworkConfiguration(
      vocabularySize: 2, embeddingSize: 3, hiddenSize: 3, layerCount: 1)
    #expect(throws: BenchmarkingError.vocabularyTooSmall(size: 2)) {
      try GenerationBenchmark.measure(
        InferenceShape(network), processor: Processor(threadCount: 1), seconds: 0.01)
    }
  }

  /// Each unit is one token that normalization does not change, however many units there are.
  @Test(arguments: [3, 65, 6_500, 65_536])
  func everyVocabularySizeCanBeSpelled(vocabularySize: Int) throws {
    let network = NetworkConfiguration(
      cell: .rnn, vocabularySize: vocabularySize, embeddingSize: 1, hiddenSize: 1, layerCount: 1)
    let model = try UntrainedModel(network, processor: Processor(threadCount: 1))
    var text = String.UnicodeScalarView()
    text.append(contentsOf: model.alphabet)
    let ids = model.text.tokenizer.encode(String(text)).ids
    #expect(ids.map { Int($0) } == Array(2..<vocabularySize))
  }

  @Test(arguments: processors)
  func allOfATextIsEvaluated(processor: Processor) throws {
    let network = NetworkConfiguration(
      cell: .rnn, vocabularySize: 5, embeddingSize: 2, hiddenSize: 2, layerCount: 1)
    let speed = try EvaluationBenchmark.measure(
      InferenceShape(network), processor: processor, seconds: 0.001)
    #expect(speed.characterCount == 131_072)
    #expect(speed.operationCount == 131_072 * UsefulOperations.reading(network))
  }

  @Test(arguments: SyntheticText.allCases)
  func allOfEveryTextIsTokenized(text: SyntheticText) throws {
    let speed = try TokenizationBenchmark.measure(text, byteCount: 3_000, seconds: 0.001)
    #expect(speed.byteCount == text.bytes(count: 3_000).count)
    switch text {
    case .ascii: #expect(speed.characterCount == speed.byteCount)
    case .chinese: #expect(speed.characterCount * 3 >= speed.byteCount)
    case .mixed: #expect(speed.characterCount < speed.byteCount)
    }
  }
}
