import Kernels

/// The gradients of layer 0's input sums and, as their sums over equal tokens, those of a window's table.
struct TokenGradient {
  /// [T B x some of the G H]
  private let gates: MatrixView
  /// [D x the same]
  private let table: MatrixView
  /// Of each token of the window, the row of the table, [T B].
  private let rows: UnsafePointer<UInt16>

  /// - Parameter columns: of `gates` and the table.
  init(_ gates: MatrixView, summedBy lookUp: TokenLookUp, columns: Range<Int>) {
    self.gates = gates.columns(columns)
    table = lookUp.table.columns(columns)
    rows = lookUp.rows
  }

  /// Adds the gradients of some of the window's tokens, in some of the columns, to the table's.
  func add(_ tokens: Range<Int>, columns: Range<Int>, kernels: KernelSet) {
    kernels.scatterAddRows(
      of: gates.rows(tokens).columns(columns), rows + tokens.lowerBound,
      into: table.columns(columns))
  }
}
