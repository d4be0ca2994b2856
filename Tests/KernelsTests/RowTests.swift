import Kernels
import Testing

@Suite struct RowTests {
  static let ids: [UInt16] = [4, 0, 4, 2, 1, 4]

  // Columns that neither are complete vectors nor begin at a vector's start.

  @Test(arguments: InstructionSet.available)
  func gatheringFillsTheColumnsGivenAndNoOther(instructionSet: InstructionSet) {
    let table = RandomMatrix(5, 40, seed: 1)
    let destination = RandomMatrix(Self.ids.count, 30, seed: 2)
    let before = RandomMatrix(Self.ids.count, 30, seed: 2)
    KernelSet(instructionSet).gatherRows(
      of: table.view.columns(13..<32), Self.ids, into: destination.view.columns(3..<22))
    for (row, id) in Self.ids.enumerated() {
      for column in 0..<30 {
        let isGiven = (3..<22).contains(column)
        #expect(
          destination[row, column]
            == (isGiven ? table[Int(id), column + 10] : before[row, column]))
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func scatteringAddsTheColumnsGivenAndNoOther(instructionSet: InstructionSet) {
    let source = RandomMatrix(Self.ids.count, 30, seed: 1)
    let table = RandomMatrix(5, 30, seed: 2)
    let before = RandomMatrix(5, 30, seed: 2)
    KernelSet(instructionSet).scatterAddRows(
      of: source.view.columns(3..<22), Self.ids, into: table.view.columns(5..<24))
    for row in 0..<5 {
      for column in 0..<30 {
        var expected = Float(before[row, column])
        for (index, id) in Self.ids.enumerated() where Int(id) == row && 5..<24 ~= column {
          expected += Float(source[index, column - 2])
        }
        #expect(table[row, column] == Double(expected))
      }
    }
  }
}
