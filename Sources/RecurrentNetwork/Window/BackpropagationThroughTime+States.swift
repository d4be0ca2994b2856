import Kernels

extension BackpropagationThroughTime {
  /// What each of the B rows remembers before the next window.
  package var states: [RecurrentState] {
    get {
      (0..<forward.batchSize).map { row in
        var state = RecurrentState(configuration)
        forward.copyState(ofRow: row, after: 0, into: &state)
        return state
      }
    }
    set {
      precondition(newValue.count == forward.batchSize, "each row has a state")
      for (row, state) in newValue.enumerated() { forward.setState(ofRow: row, to: state) }
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

  /// Overwrites a number of what the first row hands on after `stepCount` steps, for tests of damage.
  package func overwriteState(after stepCount: Int, with value: Float) {
    forward.layer(0).state(after: stepCount)[0].row(0)[0] = value
  }
}
