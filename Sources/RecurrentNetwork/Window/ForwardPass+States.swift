import Kernels

/// What each row of the batch remembers, in the pass's memory and as a `RecurrentState`.
extension ForwardPass {
  /// Starts every row from zero.
  mutating func resetState() {
    for index in 0..<configuration.layerCount {
      for vector in layer(index).state(after: 0) { vector.fill(with: 0) }
    }
  }

  /// Goes on from where a window of `stepCount` steps ended.
  mutating func carryState(stepCount: Int) {
    for index in 0..<configuration.layerCount {
      let layer = layer(index)
      for (first, last) in zip(layer.state(after: 0), layer.state(after: stepCount)) {
        first.copy(from: last)
      }
    }
  }

  /// Lets row `row` start the next window from `state`.
  mutating func setState(ofRow row: Int, to state: RecurrentState) {
    state.values.withUnsafeBufferPointer { values in
      var place = values.baseAddress!
      forEachStateVector(ofRow: row, after: 0) { vector, count in
        vector.update(from: place, count: count)
        place += count
      }
    }
  }

  /// Overwrites `state`, one of this network, with what row `row` remembers after `stepCount` steps of the
  /// window (0: before it).
  func copyState(ofRow row: Int, after stepCount: Int, into state: inout RecurrentState) {
    state.values.withUnsafeMutableBufferPointer { values in
      var place = values.baseAddress!
      forEachStateVector(ofRow: row, after: stepCount) { vector, count in
        place.update(from: vector, count: count)
        place += count
      }
    }
  }

  /// Visits the state vectors of a row, each of H numbers, in the order of `RecurrentState.values`.
  private func forEachStateVector(
    ofRow row: Int, after stepCount: Int, _ visit: (UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    for index in 0..<configuration.layerCount {
      for vector in layer(index).state(after: stepCount) {
        visit(vector.row(row), vector.columnCount)
      }
    }
  }
}
