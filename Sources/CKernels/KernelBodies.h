// The kernels of one instruction set. Each instruction set's file includes this once, after
// defining LANES (floats of a vector), PANEL_VECTORS (vectors of a row of a packed panel) and FUSES
// (whether it has fused multiply-adds).

#include "Vectors.h"
#include "Rows.h"
#include "Products.h"
#include "QuantizedProducts.h"
#include "Masks.h"
#include "Normalization.h"
#include "LSTMGates.h"
#include "CoupledLSTMGates.h"
#include "GRUGates.h"
#include "ElmanGates.h"
#include "CrossEntropy.h"
#include "ParameterUpdates.h"
#include "Adaptation.h"

static const charlm_kernels table = {
  .lane_count = LANES,
  .panel_width = PANEL_WIDTH,
  .packed_count = packed_count,
  .pack = pack,
  .multiply = multiply,
  .quantized_count = quantized_count,
  .pack_quantized = pack_quantized,
  .multiply_quantized = multiply_quantized,
  .transposed_scratch_count = transposed_scratch_count,
  .accumulate_transposed = accumulate_transposed,
  .gather_rows = gather_rows,
  .scatter_add_rows = scatter_add_rows,
  .add_column_sums = add_column_sums,
  .multiply_elements = multiply_elements,
  .add_products = add_products,
  .scale_elements = scale_elements,
  .draw_mask = draw_mask,
  .normalize = normalize,
  .normalize_backward = normalize_backward,
  .lstm_forward = lstm_forward,
  .lstm_backward = lstm_backward,
  .coupled_lstm_forward = coupled_lstm_forward,
  .coupled_lstm_backward = coupled_lstm_backward,
  .gru_forward = gru_forward,
  .gru_backward = gru_backward,
  .elman_forward = elman_forward,
  .elman_backward = elman_backward,
  .cross_entropy_gradient = cross_entropy_gradient,
  .cross_entropy = cross_entropy,
  .sgd = sgd,
  .momentum = momentum,
  .nesterov = nesterov,
  .rmsprop = rmsprop,
  .rmsprop_momentum = rmsprop_momentum,
  .adagrad = adagrad,
  .adam = adam,
  .adapt = adapt,
  .sum_of_squares = sum_of_squares,
  .exponential = exponential,
  .sigmoid = sigmoid,
  .hyperbolic_tangent = hyperbolic_tangent,
};
