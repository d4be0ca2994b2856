import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// Lanes of a batch that run in passes of their own.
@Suite struct LanesTests {
  private static let batchSize = 11

  /// The gradients, the nats [T B] and the output masks of a window.
  private struct Results {
    var gradients: [Double] = []
    var nats: [Double] = []
    var outputMasks: [[[Double]]] = []
    var otherMasks: [[Double]] = []
  }

  private static func results(
    _ window: borrowing RandomWindow, lanes: Range<Int>?, _ dropout: Dropout,
    _ processor: Processor
  ) -> Results {
    var pass = BackpropagationThroughTime(
      configuration: window.configuration, batchSize: batchSize, lanes: lanes, windowLength: 6,
      dropout: dropout, processor: processor)
    var gradients = ParameterBuffer(layout: ParameterLayout(window.configuration))
    let kept = lanes ?? 0..<batchSize
    func own(_ tokens: [UInt16]) -> [UInt16] {
      (0..<window.stepCount).flatMap { step in
        tokens[step * batchSize + kept.lowerBound..<step * batchSize + kept.upperBound]
      }
    }
    var (offsets, early): ([Int], [Float]) = ([], [])
    let start = gradients.start
    let count = gradients.count
    _ = pass.accumulateGradients(
      inputs: own(window.inputs), targets: own(window.targets), stepCount: window.stepCount,
      parameters: window.parameters, into: &gradients, dropoutStream: RandomStream(seed: 3),
      whenFinal: { offset in
        // Each float as it was when it was said to be final.
        early = (offset..<(offsets.last ?? count)).map { start[$0] } + early
        offsets.append(offset)
      })
    #expect(offsets.last == 0 && offsets == offsets.sorted(by: >))
    #expect(offsets.count == window.configuration.layerCount + 1)
    #expect(early == (0..<count).map { gradients.start[$0] })
    return Results(
      gradients: (0..<count).map { Double(gradients.start[$0]) },
      nats: (0..<window.stepCount * kept.count).map { pass.tokenNats[$0] },
      outputMasks: pass.outputMasks, otherMasks: [pass.embeddingMask] + pass.recurrentMasks.joined()
    )
  }

  @Test(arguments: TestedCell.all, Dropout.MaskKind.allCases)
  func separateLanesComputeWhatTheBatchComputes(cell: TestedCell, maskKind: Dropout.MaskKind) {
    let dropout = Dropout(
      layerOutput: 0.3, maskKind: maskKind, embedding: 0.25, recurrentWeight: 0.4)
    for (ties, threads) in [(false, 1), (true, 2)] {
      var network = cell.network(
        vocabularySize: 13, embeddingSize: 10, hiddenSize: 10, layerCount: 2)
      network.tiesEmbeddings = ties
      let window = RandomWindow(configuration: network, stepCount: 5, batchSize: Self.batchSize)
      let processor = Processor(threadCount: threads)
      let whole = Self.results(window, lanes: nil, dropout, processor)
      var sum = Array(repeating: 0.0, count: whole.gradients.count)
      for lanes in [0..<4, 4..<5, 5..<11] {
        let part = Self.results(window, lanes: lanes, dropout, processor)
        sum = zip(sum, part.gradients).map { $0 + $1 }
        #expect(
          part.nats
            == (0..<5).flatMap { step in lanes.map { whole.nats[step * Self.batchSize + $0] } })
        let rows =
          maskKind == .locked
          ? Array(lanes)
          : (0..<5).flatMap { step in lanes.map { step * Self.batchSize + $0 } }
        for (found, expected) in zip(part.outputMasks, whole.outputMasks) {
          #expect(Array(found.prefix(rows.count)) == rows.map { expected[$0] })
        }
        #expect(part.otherMasks == whole.otherMasks)
      }
      #expect(relativeError(sum, whole.gradients) < 1e-5)
    }
  }
}
