import Kernels

/// W_hh of one layer, packed for one direction: h to recurrent sums, or their gradients to dL/dh. The gates
/// that a cell keeps apart (`RecurrentCell`) have a matrix of their own.
struct RecurrentWeights {
  let joined: PackedMatrixView
  /// Where the cell has gates apart.
  let apart: PackedMatrixView?
  /// b_hh of the gates apart, [1 x (G - J) H].
  let apartBias: MatrixView
}
