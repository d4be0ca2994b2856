import Kernels

extension BackpropagationThroughTime {
  /// The state of each of the B rows before the next window.
  package var states: [RecurrentState] {
    get { states(after: 0) }
    set { setStates(newValue, after: 0) }
  }

  /// The state of each of the B rows after `stepCount` steps of the last window (0: before it).
  package func states(after stepCount: Int) -> [RecurrentState] {
    (0..<forward.batchSize).map { row in
      var state = RecurrentState(configuration)
      forward.copyState(ofRow: row, after: stepCount, into: &state)
      return state
    }
  }

  /// Replaces the states after `stepCount` steps of the last window (0: before it).
  package mutating func setStates(_ states: [RecurrentState], after stepCount: Int) {
    precondition(states.count == forward.batchSize, "each row has a state")
    for (row, state) in states.enumerated() {
      forward.setState(ofRow: row, after: stepCount, to: state)
    }
  }

  /// Whether all states after `stepCount` steps of the last window (0: before it) are finite.
  package func isStateFinite(after stepCount: Int) -> Bool {
    let sum = (0..<configuration.layerCount).reduce(0.0) { sum, layer in
      forward.layer(layer).state(after: stepCount).reduce(sum) { sum, vector in
        (0..<vector.rowCount).reduce(sum) { sum, row in
          sum + processor.kernels.sumOfSquares(vector.row(row), count: vector.columnCount)
        }
      }
    }
    return sum.isFinite
  }
}
