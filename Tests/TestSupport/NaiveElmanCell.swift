import Foundation
import Kernels
import RecurrentNetwork

/// h = activation(a + s), where a are the input sums and s the recurrent sums.
package struct NaiveElmanCell: NaiveCell {
  package let activation: Activation

  package init(activation: Activation) {
    self.activation = activation
  }

  private func value(_ x: Double) -> Double {
    switch activation {
    case .tanh: tanh(x)
    case .relu: max(0, x)
    case .sigmoid: sigmoid(x)
    }
  }

  private func slope(_ x: Double) -> Double {
    switch activation {
    case .tanh: 1 - tanh(x) * tanh(x)
    case .relu: x > 0 ? 1 : 0
    case .sigmoid: sigmoid(x) * (1 - sigmoid(x))
    }
  }

  package func forward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> NaiveCellState {
    NaiveCellState(
      hidden: zip(inputSums, recurrentSums).map { value($0 + $1) }, cell: previous.cell)
  }

  package func gates(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> [TracedVector: [Double]] { [:] }

  package func backward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState,
    gradient: NaiveCellState
  ) -> NaiveCellGradient {
    let sums = gradient.hidden.indices.map {
      gradient.hidden[$0] * slope(inputSums[$0] + recurrentSums[$0])
    }
    return NaiveCellGradient(
      inputSums: sums, recurrentSums: sums, previous: .zero(hiddenSize: sums.count))
  }
}
