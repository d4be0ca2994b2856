import Kernels

extension BackpropagationThroughTime {
  /// What each of the B rows remembers before the next window.
  package var states: [RecurrentState] {
    get {
      (0..<forward.batchSize).map { row in
        var state = RecurrentState(configuration)
        exchange(&state, row: row) { memory, value, count in
          value.update(from: memory, count: count)
        }
        return state
      }
    }
    set {
      precondition(newValue.count == forward.batchSize, "each row has a state")
      for (row, var state) in newValue.enumerated() {
        exchange(&state, row: row) { memory, value, count in
          memory.update(from: value, count: count)
        }
      }
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

  /// Pairs each vector of a row's state in the pass's memory with its place in `state`.
  private func exchange(
    _ state: inout RecurrentState, row: Int,
    _ move: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let hiddenSize = configuration.hiddenSize
    state.values.withUnsafeMutableBufferPointer { values in
      var place = values.baseAddress!
      for layer in 0..<configuration.layerCount {
        for vector in forward.layer(layer).state(after: 0) {
          move(vector.row(row), place, hiddenSize)
          place += hiddenSize
        }
      }
    }
  }
}
