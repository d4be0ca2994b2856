import Benchmarking
import RecurrentNetwork
import Testing

/// Each count is computed by hand from the sizes of the matrices.
struct UsefulOperationsTests {
  @Test func aTinyNetworkIsCountedProductByProduct() {
    let network = NetworkConfiguration(
      cell: .gru, vocabularySize: 5, embeddingSize: 3, hiddenSize: 2, layerCount: 2)
    // B 4, T 3: 12 tokens, of 5 symbols. A step of one row, in multiply-adds: the recurrent sums of
    // two layers take 6 x 2 each, the input sums of the upper one 6 x 2, five logits 5 x 2: 46 in
    // all. The table of layer 0 takes 5 x 3 x 6 = 90.
    #expect(
      UsefulOperations.training(network, batchSize: 4, windowLength: 3) == 6 * (12 * 46 + 90))
    #expect(UsefulOperations.reading(network) == 2 * 46)
  }

  @Test func theSmallestStandardNetworkTakesThreeGigaflops() {
    let shape = TrainingShape.standard[0]
    #expect(shape.network.hiddenSize == 128 && shape.network.layerCount == 2)
    // 2,500 tokens: 3 x 128 x 512 + 128 x 65 multiply-adds each, and 65 x 128 x 512 for the table.
    let multiplyAdds = 2_500 * (196_608 + 8_320) + 4_259_840
    #expect(multiplyAdds == 516_579_840)
    #expect(
      UsefulOperations.training(shape.network, batchSize: 50, windowLength: 50)
        == 3_099_479_040)
  }

  @Test(arguments: [(CellKind.rnn, 1.0), (.gru, 3), (.lstm, 4)])
  func gatesMultiplyTheRecurrentPart(cell: CellKind, gateCount: Double) {
    let network = NetworkConfiguration(
      cell: cell, vocabularySize: 7, embeddingSize: 11, hiddenSize: 13, layerCount: 1)
    #expect(UsefulOperations.reading(network) == 2 * (gateCount * 13 * 13 + 13 * 7))
  }

  /// With more symbols than tokens, the sums of layer 0 are computed once per token.
  @Test func noMoreSymbolsAreCountedThanAWindowHolds() {
    func operations(vocabularySize: Int) -> Double {
      let network = NetworkConfiguration(
        vocabularySize: vocabularySize, embeddingSize: 2, hiddenSize: 1, layerCount: 1)
      let projection = 6 * 10 * Double(vocabularySize)
      return UsefulOperations.training(network, batchSize: 2, windowLength: 5) - projection
    }
    #expect(operations(vocabularySize: 10) - operations(vocabularySize: 9) == 6 * 2 * 4)
    #expect(operations(vocabularySize: 1_000) == operations(vocabularySize: 10))
  }

  @Test func aProductIsTwoOperationsForEachPairOfNumbersThatMeet() {
    #expect(UsefulOperations.product(rows: 2, depth: 3, columns: 5) == 60)
  }

  /// The products that are measured alone are those of a step.
  @Test func theProductsOfAOneLayerNetworkAddUpToItsStep() {
    let shape = TrainingShape(
      .lstm, layers: 1, hiddenSize: 6, batchSize: 4, windowLength: 5, vocabularySize: 9)
    let products = Dictionary(
      uniqueKeysWithValues: ProductShape.all(of: shape).map {
        ($0.role, UsefulOperations.product(rows: $0.rows, depth: $0.depth, columns: $0.columns))
      })
    let recurrent =
      5 * (products[.recurrent]! + products[.recurrentBackward]!) + products[.weightGradient]!
    let table = 3 * 2 * 9.0 * 6 * 24
    #expect(
      UsefulOperations.training(shape.network, batchSize: 4, windowLength: 5)
        == recurrent + 3 * products[.projection]! + table)
  }
}
