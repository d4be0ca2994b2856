import Kernels

/// W_hh of one layer, packed for one direction: h to recurrent sums, or their gradients to dL/dh. The gates
/// that a cell keeps apart (`RecurrentCell`) have a matrix of their own.
struct RecurrentWeights {
  let fused: PackedMatrixView
  /// Where the cell has separate gates.
  let separate: PackedMatrixView?
  /// b_hh of the separate gates, [1 x (G - J) H].
  let separateBias: MatrixView
}
