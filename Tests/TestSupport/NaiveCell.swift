import Foundation
import RecurrentNetwork

/// One time step of one row of a recurrent cell in plain loops, forward and backward. It starts
/// from both sums, each in G blocks of H numbers, one block for each gate.
package protocol NaiveCell {
  /// - Parameters:
  ///   - inputSums: W_ih x_t + b_ih
  ///   - recurrentSums: W_hh h_{t-1} + b_hh
  func forward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> NaiveCellState

  /// The gates and candidates by their names; none for a cell without gates.
  func gates(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState
  ) -> [TracedVector: [Double]]

  /// - Parameter state: dL/d(new state).
  /// - Returns: dL/dinputSums, dL/drecurrentSums, and dL/dprevious except for what flows through
  ///   W_hh.
  func backward(
    inputSums: [Double], recurrentSums: [Double], previous: NaiveCellState,
    gradient: NaiveCellState
  ) -> NaiveCellGradient
}

/// h and c of one row; c is all zero in cells without a cell state.
package struct NaiveCellState {
  package var hidden: [Double]
  package var cell: [Double]

  package init(hidden: [Double], cell: [Double]) {
    self.hidden = hidden
    self.cell = cell
  }

  package static func zero(hiddenSize: Int) -> NaiveCellState {
    let zeros = Array(repeating: 0.0, count: hiddenSize)
    return NaiveCellState(hidden: zeros, cell: zeros)
  }
}

package struct NaiveCellGradient {
  package var inputSums: [Double]
  package var recurrentSums: [Double]
  package var previous: NaiveCellState
}

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// Blocks of equal length.
func blocks(_ values: [Double], _ count: Int) -> [[Double]] {
  let size = values.count / count
  return (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
}
