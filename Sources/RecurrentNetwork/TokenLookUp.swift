import Kernels

/// Where each token of a window finds layer 0's input sums.
struct TokenLookUp {
  /// [some tokens x G H]
  let table: MatrixView
  /// Of each token of the window, the row of `table`, [T B].
  let rows: UnsafePointer<UInt16>
}
