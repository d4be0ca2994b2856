import RecurrentNetwork
import Testing

/// W_hh with orthonormal columns.
@Suite struct OrthogonalInitializationTests {
  /// Entries are single-precision numbers below 1, and products sum up to 160 of them.
  static let tolerance = 1e-5

  /// W_hh of both layers, [G H][H].
  static func recurrentWeights(
    _ cell: CellKind, hiddenSize: Int, seed: UInt64
  ) -> [[[Double]]] {
    let parameters = ParameterBuffer(
      configuration: InitializationTests.configuration(
        cell, vocabularySize: 3, embeddingSize: 2, hiddenSize: hiddenSize),
      initialization: InitializationTests.initialization(recurrent: .orthogonal), seed: seed)
    return parameters.layout.layers.map { layer in
      let values = parameters.values(of: layer.recurrentWeight)
      return (0..<cell.gateCount * hiddenSize).map { row in
        (0..<hiddenSize).map { Double(values[row * hiddenSize + $0]) }
      }
    }
  }

  @Test(arguments: CellKind.allCases, [1, 2, 7, 8, 9, 40])
  func columnsAreOrthonormal(cell: CellKind, hiddenSize: Int) {
    for weight in Self.recurrentWeights(cell, hiddenSize: hiddenSize, seed: 3) {
      for a in 0..<hiddenSize {
        for b in 0...a {
          let product = weight.reduce(0) { $0 + $1[a] * $1[b] }
          #expect(abs(product - (a == b ? 1 : 0)) < Self.tolerance, "\(a), \(b)")
        }
      }
    }
  }

  @Test func seedsAndLayersDiffer() {
    func weights(_ seed: UInt64) -> [[[Double]]] {
      Self.recurrentWeights(.gru, hiddenSize: 5, seed: seed)
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
    #expect(weights(1)[0] != weights(1)[1])
  }

  /// The moments of the entries of a 3 x 3 matrix under the Haar measure: those of a coordinate of
  /// a point on the sphere. If R's diagonal had signs of both kinds, as with Householder's QR, the
  /// means of the diagonal would not be 0.
  @Test func squareMatricesAreDrawnFromTheHaarMeasure() {
    let matrices = (0..<1_000).flatMap {
      Self.recurrentWeights(.rnn, hiddenSize: 3, seed: UInt64($0))
    }
    let count = Double(matrices.count)
    for row in 0..<3 {
      for column in 0..<3 {
        let entries = matrices.map { $0[row][column] }
        let mean = entries.reduce(0, +) / count
        let square = entries.reduce(0) { $0 + $1 * $1 } / count
        let fourth = entries.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
        // 2,000 draws; a coordinate is uniform in -1 ... 1. Five standard deviations of the means
        // of x (0.577), x^2 (0.298) and x^4 (0.267).
        #expect(abs(mean) < 0.065, "\(row), \(column)")
        #expect(abs(square - 1.0 / 3) < 0.034, "\(row), \(column)")
        #expect(abs(fourth - 1.0 / 5) < 0.030, "\(row), \(column)")
      }
    }
    // Rotations and reflections are equally likely: five standard deviations of a fair coin.
    let rotations = matrices.count { determinant($0) > 0 }
    #expect(abs(rotations - 1_000) < 112)
    // The trace, whose mean square is 1 with a variance of at most 2.
    let traces = matrices.map { $0[0][0] + $0[1][1] + $0[2][2] }
    #expect(abs(traces.reduce(0, +) / count) < 0.112)
    #expect(abs(traces.reduce(0) { $0 + $1 * $1 } / count - 1) < 0.16)
  }

  /// A matrix of a single number has only its sign.
  @Test func aSingleUnitStartsWithEitherSign() {
    let values = (0..<50).flatMap {
      Self.recurrentWeights(.rnn, hiddenSize: 1, seed: UInt64($0)).map { $0[0][0] }
    }
    #expect(Set(values) == [-1, 1])
  }

  private func determinant(_ m: [[Double]]) -> Double {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
      - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
      + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
  }
}
