/// A division of the work on a matrix into rectangular parts, one for each thread.
package struct WorkGrid: Equatable, Sendable {
  /// One side of a matrix.
  package struct Side: Equatable, Sendable {
    package let count: Int
    /// The length of every part except the last is a multiple of it.
    package let grain: Int

    package init(count: Int, grain: Int = 1) {
      precondition(count >= 0 && grain >= 1, "a side has a length, and parts have one")
      (self.count, self.grain) = (count, grain)
    }

    var grains: Int { (count + grain - 1) / grain }

    /// The length of the longest of `parts` parts.
    fileprivate func longest(of parts: Int) -> Int {
      min(count, (grains + parts - 1) / parts * grain)
    }

    /// One of `parts` parts.
    func range(_ part: Int, of parts: Int) -> Range<Int> {
      grains * part / parts * grain..<min(count, grains * (part + 1) / parts * grain)
    }
  }

  package let rows, columns: Side
  package let rowParts, columnParts: Int

  package var partCount: Int { rowParts * columnParts }

  /// - Precondition: there are at most as many parts of a side as it has grains, and at least 1.
  package init(rows: Side, columns: Side, rowParts: Int, columnParts: Int) {
    precondition(1...max(1, rows.grains) ~= rowParts, "there are too many parts")
    precondition(1...max(1, columns.grains) ~= columnParts, "there are too many parts")
    (self.rows, self.columns) = (rows, columns)
    (self.rowParts, self.columnParts) = (rowParts, columnParts)
  }

  /// The grid of at most `partCount` parts whose largest part costs least; of equal ones that with
  /// the most parts of rows.
  /// - Parameter cost: of a part with so many rows and columns, in a grid with so many parts of
  ///   both.
  package init(
    rows: Side, columns: Side, partCount: Int,
    cost: (_ rows: Int, _ columns: Int, _ rowParts: Int, _ columnParts: Int) -> Double
  ) {
    var best = (rowParts: 1, columnParts: 1, cost: Double.infinity)
    for rowParts in (1...max(1, min(partCount, rows.grains))).reversed() {
      let most = max(1, min(partCount / rowParts, columns.grains))
      for columnParts in stride(from: 1, through: most, by: max(1, most - 1)) {
        let cost = cost(
          rows.longest(of: rowParts), columns.longest(of: columnParts), rowParts, columnParts)
        if cost < best.cost { best = (rowParts, columnParts, cost) }
      }
    }
    self.init(
      rows: rows, columns: columns, rowParts: best.rowParts, columnParts: best.columnParts)
  }

  /// The rows and columns of a part, in `0 ..< partCount`.
  package func part(_ number: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    (
      rows.range(number / columnParts, of: rowParts),
      columns.range(number % columnParts, of: columnParts)
    )
  }
}
