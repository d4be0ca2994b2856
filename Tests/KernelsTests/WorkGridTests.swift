import Kernels
import Testing

@Suite struct WorkGridTests {
  private static func area(
    _ rows: Int, _ columns: Int, _ rowParts: Int, _ columnParts: Int
  ) -> Double {
    Double(rows * columns)
  }

  @Test(arguments: [1, 2, 3, 4, 8, 64])
  func thePartsCoverTheMatrixOnce(partCount: Int) {
    for (rows, rowGrain) in [(0, 1), (1, 1), (65, 6), (2_048, 1)] {
      for (columns, columnGrain) in [(0, 1), (1, 16), (500, 16), (512, 64)] {
        let grid = WorkGrid(
          rows: WorkGrid.Side(count: rows, grain: rowGrain),
          columns: WorkGrid.Side(count: columns, grain: columnGrain), partCount: partCount,
          cost: Self.area)
        #expect(1...partCount ~= grid.partCount)
        var hits = [Int](repeating: 0, count: rows * columns)
        for number in 0..<grid.partCount {
          let part = grid.part(number)
          #expect(part.rows.lowerBound.isMultiple(of: rowGrain))
          #expect(part.columns.lowerBound.isMultiple(of: columnGrain))
          for row in part.rows {
            for column in part.columns { hits[row * columns + column] += 1 }
          }
        }
        #expect(hits.allSatisfy { $0 == 1 })
      }
    }
  }

  @Test func theLargestPartIsAsSmallAsItCanBe() {
    let side = WorkGrid.Side(count: 65, grain: 6)
    let columns = WorkGrid.Side(count: 512, grain: 16)
    // 11 grains of rows: two parts of rows would have 36 and 29.
    let two = WorkGrid(rows: side, columns: columns, partCount: 2, cost: Self.area)
    #expect((two.rowParts, two.columnParts) == (1, 2))
    let many = WorkGrid(rows: side, columns: columns, partCount: 64, cost: Self.area)
    #expect((many.rowParts, many.columnParts) == (4, 16))
  }

  @Test func ofEqualGridsTheOneWithTheMostPartsOfRowsIsTaken() {
    let side = WorkGrid.Side(count: 64)
    let grid = WorkGrid(rows: side, columns: side, partCount: 4, cost: Self.area)
    #expect((grid.rowParts, grid.columnParts) == (4, 1))
  }
}
