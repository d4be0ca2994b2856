import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// Proves the norms of dL/dh_t and dL/dc_t in two steps, too: by central differences of the twin,
/// whose state is offset in the middle of a window, and by comparing the fast code with the twin.
@Suite struct GradientFlowTests {
  /// Central differences in double precision with a step of 1e-5 have an error of about 1e-9.
  static let differenceTolerance = 1e-6
  /// Float32 with sums of at most a few hundred terms.
  static let twinTolerance = 1e-4

  struct Shape: Sendable {
    var layers: Int, hidden: Int, vocabulary: Int, steps: Int, warmUp: Int
    /// The embedding is wider than the layers, so its output is projected.
    var isTied = false
    /// V below and above T B; a warm-up makes the first state differ from zero.
    static let all = [
      Shape(layers: 1, hidden: 5, vocabulary: 6, steps: 7, warmUp: 0),
      Shape(layers: 3, hidden: 17, vocabulary: 6, steps: 5, warmUp: 4),
      Shape(layers: 2, hidden: 9, vocabulary: 200, steps: 6, warmUp: 2),
      Shape(layers: 2, hidden: 9, vocabulary: 11, steps: 5, warmUp: 1, isTied: true),
    ]
  }

  static func network(_ cell: TestedCell, _ shape: Shape) -> NetworkConfiguration {
    var network = cell.network(
      vocabularySize: shape.vocabulary, embeddingSize: shape.hidden + 2,
      hiddenSize: shape.hidden, layerCount: shape.layers)
    network.tiesEmbeddings = shape.isTied
    return network
  }

  @Test(arguments: TestedCell.all)
  func twinStateGradientsMatchCentralDifferences(cell: TestedCell) {
    // Short windows: far from the loss the gradients are smaller than the error of the differences.
    for layers in 1...2 {
      let shape = Shape(layers: layers, hidden: 3, vocabulary: 5, steps: 4, warmUp: 0)
      let window = RandomWindow(
        configuration: Self.network(cell, shape), stepCount: shape.steps + 1, batchSize: 1)
      let twin = window.twin
      let tokens = window.twinInputs.map { $0[0] }
      for layer in 0..<shape.layers {
        let analytic = twin.stateGradients(tokens: tokens, warmUp: 0, layer: layer)
        for (step, gradient) in analytic.enumerated() {
          let place = NaiveNetwork.Nudge(step: step, layer: layer)
          let hidden = differences(twin, tokens, place, shape.hidden, \.hidden)
          #expect(
            relativeError(gradient.hidden, hidden) <= Self.differenceTolerance,
            "dL/dh_\(step) of layer \(layer)")
          guard cell.kind.stateVectorCount > 1 else { continue }
          let cellState = differences(twin, tokens, place, shape.hidden, \.cell)
          #expect(
            relativeError(gradient.cell, cellState) <= Self.differenceTolerance,
            "dL/dc_\(step) of layer \(layer)")
        }
      }
    }
  }

  private func differences(
    _ twin: NaiveNetwork, _ tokens: [Int], _ place: NaiveNetwork.Nudge, _ hiddenSize: Int,
    _ vector: WritableKeyPath<NaiveCellState, [Double]>
  ) -> [Double] {
    (0..<hiddenSize).map { unit in
      func nats(_ amount: Double) -> Double {
        var nudge = place
        nudge.amount[keyPath: vector] = Array(repeating: 0, count: hiddenSize)
        nudge.amount[keyPath: vector][unit] = amount
        return twin.natsOfLast(tokens, nudge: nudge)
      }
      return (nats(1e-5) - nats(-1e-5)) / 2e-5
    }
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func normsEqualTheTwins(cell: TestedCell, instructionSet: InstructionSet) {
    for shape in Shape.all {
      let configuration = Self.network(cell, shape)
      let length = shape.warmUp + shape.steps + 1
      let window = RandomWindow(configuration: configuration, stepCount: length, batchSize: 3)
      let windows = (0..<3).map { lane in (0..<length).map { window.inputs[$0 * 3 + lane] } }
      let processor = Processor(instructionSet: instructionSet, threadCount: 2)
      let weights = NetworkWeights(
        configuration: configuration, parameters: ParameterBuffer(copying: window.parameters),
        processor: processor)
      for layer in 0..<shape.layers {
        var flow = GradientNorms(
          weights: weights, layer: layer, furthestDistance: shape.steps - 1, processor: processor)
        let found = flow.norms(windows, warmUp: shape.warmUp)
        for (tokens, norms) in zip(windows, found) {
          let expected = window.twin.stateGradients(
            tokens: tokens.map(Int.init), warmUp: shape.warmUp, layer: layer)
          #expect(norms.count == cell.kind.stateVectorCount)
          let vectors = [expected.map(\.hidden), expected.map(\.cell)]
          for (found, gradients) in zip(norms, vectors) {
            let norms = gradients.reversed().map(norm)
            // Each distance separately: the far ones are small.
            for (distance, pair) in zip(found, norms).enumerated() {
              #expect(
                relativeError([pair.0], [pair.1]) <= Self.twinTolerance,
                "layer \(layer), distance \(distance), \(shape)")
            }
          }
        }
      }
    }
  }

  private func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  @Test func windowsAreSpreadOverTheWholeText() {
    let configuration = NetworkConfiguration(
      vocabularySize: 9, embeddingSize: 4, hiddenSize: 4, layerCount: 1)
    let processor = Processor(threadCount: 1)
    let weights = NetworkWeights(
      configuration: configuration,
      parameters: ParameterBuffer(configuration: configuration, seed: 1),
      processor: processor)
    func ranges(_ tokenCount: Int, _ windowCount: Int) -> (ranges: [Range<Int>], inCurve: Int) {
      var flow = GradientNorms(
        weights: weights, layer: 0, furthestDistance: 9, processor: processor)
      var ranges: [Range<Int>] = []
      let curves = flow.measure(windowCount: windowCount, tokenCount: tokenCount) { range, buffer in
        ranges.append(range)
        for place in range.indices { buffer[place - range.lowerBound] = UInt16(place % 9) }
      }
      #expect(curves.allSatisfy { $0.isFinite && $0.medians.count == 10 && $0.medians[0] == 1 })
      return (ranges, curves[0].windowCount)
    }
    // As many tokens before the window as in it, the window, and the token it predicts.
    let long = ranges(1_000, 40)
    #expect(long.inCurve == 40)
    #expect(Set(long.ranges).count == 40)
    #expect(long.ranges.allSatisfy { $0.count == 21 })
    #expect(long.ranges.first!.lowerBound == 0 && long.ranges.last!.upperBound == 1_000)
    // One window fits, and no token is left to read before it.
    #expect(ranges(11, 40).ranges == [0..<11])
    #expect(ranges(12, 40).ranges == [0..<11, 1..<12])
    #expect(ranges(13, 40).ranges == [0..<12, 1..<13])
  }

  @Test func curvesAreMediansAndQuartilesOfRelativeNorms() {
    let curve = GradientCurve(norms: [
      [2, 1, 0.002], [4, 4, 0.004], [1, 0, 0], [0, 0, 0], [10, 2.5, 0.2], [1, 0.75, 0.001],
    ])
    #expect(curve.windowCount == 5)
    #expect(curve.isFinite)
    #expect(curve.medians == [1, 0.5, 0.001])
    #expect(curve.lowerQuartiles == [1, 0.25, 0.001])
    #expect(curve.upperQuartiles == [1, 0.75, 0.001])
    #expect(curve.distance(ofFallTo: 0.5) == 1)
    #expect(curve.distance(ofFallTo: 0.001) == 2)
    #expect(curve.distance(ofFallTo: 1e-4) == nil)
    #expect(!GradientCurve(norms: [[0, 0]]).isFinite)
    #expect(!GradientCurve(norms: [[1, 1], [1, 1], [1, 1], [1, 1], [1, .infinity]]).isFinite)
    #expect(!GradientCurve(norms: [[1, 1], [1, .nan], [1, 1]]).isFinite)
  }
}
