// The hot loops of charlm: one table of functions for each instruction set.
//
// Shapes are rows x columns, row-major, float32. A stride is the distance in floats between two
// rows. Legend: B rows of a batch, T time steps of a window, H hidden units, G gates, V tokens of
// the vocabulary.
//
// Every element of a product is one sum in ascending order of the summed index, whatever tile it
// falls into. So results depend on the instruction set, but never on how rows and columns are split
// over calls or threads.
#ifndef CHARLM_CKERNELS_H
#define CHARLM_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Matrix products ---------------------------------------------------------------------------------

// The floats that pack() writes for a matrix of `depth` x `columns`.
typedef size_t charlm_packed_count(size_t depth, size_t columns);

// Packs the matrix B[k][n] = source[k * depth_stride + n * column_stride] into panels of
// `panel_width` columns, each stored depth-first. The last panel is padded with zeros to whole
// vectors.
typedef void charlm_pack(
  float *panels, const float *source, size_t depth, size_t columns, size_t depth_stride,
  size_t column_stride);

// c[rows x columns] = initial + a[rows x depth] * B, where `panels` is B packed. `initial` is c
// itself, one row for all rows (with a stride of 0), or NULL for zero. With `from_end` the last
// panel comes first: alternating the direction between calls reuses the panels that are still in
// the cache.
typedef void charlm_multiply(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const float *panels, size_t rows, size_t depth, size_t columns, bool from_end);

// The same for 8-bit weights, for products of few rows (QuantizedProducts.h). The count is in
// bytes. `scales` holds a float for each column, rounded up to whole vectors.
typedef size_t charlm_quantized_count(size_t depth, size_t columns);
typedef void charlm_pack_quantized(
  int8_t *panels, float *scales, const float *source, size_t depth, size_t columns,
  size_t depth_stride, size_t column_stride);
typedef void charlm_multiply_quantized(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const int8_t *panels, const float *scales, size_t rows, size_t depth,
  size_t columns);

// c[row_begin ..< row_end] += (a' * b)[row_begin ..< row_end], where a is [depth x rows] and b is
// [depth x columns]: the product of weight gradients, split by its output rows. With `sums`, which
// may be NULL, the sum of each column of a is also added to sums[row_begin ..< row_end]: the
// gradient of a bias. `scratch` holds at least charlm_transposed_scratch_count(columns) floats.
typedef void charlm_accumulate_transposed(
  float *c, size_t c_stride, const float *a, size_t a_stride, const float *b, size_t b_stride,
  size_t depth, size_t row_begin, size_t row_end, size_t columns, float *sums, float *scratch);
typedef size_t charlm_transposed_scratch_count(size_t columns);

// Rows --------------------------------------------------------------------------------------------

// destination[r] = table[ids[r]] for `rows` rows of `width` floats.
typedef void charlm_gather_rows(
  float *destination, size_t stride, const float *table, size_t table_stride, const uint16_t *ids,
  size_t rows, size_t width);

// table[ids[r]] += source[r] for `rows` rows of `width` floats, in ascending order of r.
typedef void charlm_scatter_add_rows(
  float *table, size_t table_stride, const float *source, size_t stride, const uint16_t *ids,
  size_t rows, size_t width);

// destination[column] += sum over r of source[r][column], in ascending order of r.
typedef void charlm_add_column_sums(
  float *destination, const float *source, size_t rows, size_t stride, size_t column_begin,
  size_t column_end);

// destination[i] = a[i] * b[i]
typedef void charlm_multiply_elements(
  float *destination, const float *a, const float *b, size_t count);

// destination[i] += a[i] * b[i]
typedef void charlm_add_products(float *destination, const float *a, const float *b, size_t count);

// values[i] *= factor
typedef void charlm_scale_elements(float *values, float factor, size_t count);

// mask[i] = 0 if the i-th 32-bit number is below `threshold`, else `scale`. The numbers are the
// halves, the low one first, of the numbers that SplitMix64 generates after `state`.
typedef void charlm_draw_mask(
  float *mask, size_t count, uint64_t state, uint32_t threshold, float scale);

// Normalization (RMS; Zhang & Sennrich 2019) ------------------------------------------------------

// The sums of a row are `blocks` of block_size numbers, of which unit_count are processed, in
// groups of group_size. Pointers lead to the first of these in the first row (scales: to that
// group's); gain and bias [blocks x block_size] are the same for all rows. In a group of sums z:
//   scale = 1 / sqrt(mean(z^2) + 1e-5)
//   normalized = z * scale
//   z becomes gain * normalized + bias
// normalized [rows x blocks x block_size] and scales [rows x blocks x groups] may be NULL.
typedef void charlm_normalize(
  float *sums, const float *gain, const float *bias, float *normalized, float *scales, size_t rows,
  size_t blocks, size_t block_size, size_t unit_count, size_t group_size);

// gradient holds dL/d(results of normalize) and receives dL/dsums. The gradients of gain and bias
// are added, row by row, to gain_gradient and bias_gradient [rows x blocks x block_size], or not at
// all if these are NULL.
typedef void charlm_normalize_backward(
  float *gradient, const float *normalized, const float *scales, const float *gain,
  float *gain_gradient, float *bias_gradient, size_t rows, size_t blocks, size_t block_size,
  size_t unit_count, size_t group_size);

// Gates -------------------------------------------------------------------------------------------

// The gate functions process `unit_count` units of each row. Pointers lead to the first of these
// units in the first row; rows are hidden_size (gates: G * hidden_size) floats apart.

// LSTM gates (order i, f, g, o; Hochreiter & Schmidhuber 1997, Gers et al. 2000) ------------------

// gates [rows x 4H] holds the sums before activation and receives i, f, g, o. cell = f *
// previous_cell + i * g; cell_tanh = tanh(cell); hidden = o * cell_tanh, each [rows x H].
typedef void charlm_lstm_forward(
  float *gates, const float *previous_cell, float *cell, float *cell_tanh, float *hidden,
  size_t rows, size_t hidden_size, size_t unit_count);

// gates holds the results of lstm_forward and receives the gradient of the sums before activation.
// cell_gradient holds dL/dcell from the next time step and receives dL/dprevious_cell.
typedef void charlm_lstm_backward(
  float *gates, const float *previous_cell, const float *cell_tanh, const float *hidden_gradient,
  float *cell_gradient, size_t rows, size_t hidden_size, size_t unit_count);

// With coupled gates (order f, g, o; Greff et al. 2017) gates is [rows x 3H] and cell = f *
// previous_cell + (1 - f) * g; all else is as above.

// GRU gates (order r, z, n; Cho et al. 2014, with the reset after the product) --------------------

// gates [rows x 3H] holds the sums before activation, that of n without its recurrent part, which
// is recurrent_candidate = W_hn h + b_hn [rows x H]. It receives r, z and n = tanh(sum + r *
// recurrent_candidate). hidden = (1 - z) * n + z * previous_hidden, each [rows x H].
typedef void charlm_gru_forward(
  float *gates, const float *recurrent_candidate, const float *previous_hidden, float *hidden,
  size_t rows, size_t hidden_size, size_t unit_count);

// gates holds the results of gru_forward and receives the gradient of the sums before activation;
// recurrent_candidate receives its own gradient. dL/dhidden is hidden_gradient + state_gradient,
// the latter from the next time step. state_gradient receives z * dL/dhidden, a part of
// dL/dprevious_hidden.
typedef void charlm_gru_backward(
  float *gates, float *recurrent_candidate, const float *previous_hidden,
  const float *hidden_gradient, float *state_gradient, size_t rows, size_t hidden_size,
  size_t unit_count);

// Elman RNN (Elman 1990) --------------------------------------------------------------------------

typedef enum {
  charlm_activation_tanh,
  charlm_activation_relu,
  charlm_activation_sigmoid,
} charlm_activation;

// hidden = activation(sums), each [rows x H].
typedef void charlm_elman_forward(
  const float *sums, float *hidden, size_t rows, size_t hidden_size, size_t unit_count,
  charlm_activation activation);

// gradient = hidden_gradient * activation'(sums), the gradient of the sums, where `hidden` is the
// result of elman_forward.
typedef void charlm_elman_backward(
  float *gradient, const float *hidden, const float *hidden_gradient, size_t rows,
  size_t hidden_size, size_t unit_count, charlm_activation activation);

// Loss --------------------------------------------------------------------------------------------

// nats[r] = -log softmax(logits[r])[targets[r]]; logits become scale * (softmax - one-hot target).
typedef void charlm_cross_entropy_gradient(
  float *logits, const uint16_t *targets, double *nats, size_t rows, size_t vocabulary_size,
  float scale);

// nats[r] = -log softmax(logits[r])[targets[r]]
typedef void charlm_cross_entropy(
  const float *logits, const uint16_t *targets, double *nats, size_t rows, size_t vocabulary_size);

// Parameters --------------------------------------------------------------------------------------

// The arrays of one update; each has `count` floats, and none overlaps another.
typedef struct {
  float *parameters;
  const float *gradients;
  float *first_moments;   // unused if the rule has no moment
  float *second_moments;  // unused if the rule has fewer than two
  float *averages;        // NULL if no average is kept
} charlm_update_buffers;

// One update, in the order and by the formulas of Kernels/ParameterUpdate.swift.
typedef struct {
  float gradient_scale;
  float clip_value;  // infinity for none
  float weight_decay, l1;
  float decoupled_weight_decay, decoupled_l1;  // multiplied by the learning rate
  float average_share;
  float learning_rate;
  float decay1, share1;    // momentum, or beta1 of Adam; share = 1 - decay, rounded once
  float decay2, share2;    // of the mean square: alpha of RMSProp, or beta2 of Adam
  float epsilon;           // added to the root
  float bias_correction1;  // 1 - beta1^step
  float bias_correction2;  // 1 - beta2^step
} charlm_update_step;

// Updates by one of the rules of Kernels/UpdateRule.swift.
typedef void charlm_update(
  charlm_update_buffers buffers, size_t count, charlm_update_step step);

// One step of dynamic evaluation; each array has `count` floats, and none overlaps another.
//   p += min(decay * root, 1) * (trained - p) - learning_rate * g / (root + epsilon)
// Decay leads back to the parameters `trained`; `roots` are those of the gradients' mean squares.
typedef void charlm_adapt(
  float *parameters, const float *gradients, const float *trained, const float *roots, size_t count,
  float learning_rate, float epsilon, float decay);

// The sum of squares, in double precision.
typedef double charlm_sum_of_squares(const float *values, size_t count);

// Functions, for tests of their error -------------------------------------------------------------

typedef void charlm_map(float *destination, const float *source, size_t count);

// The table ---------------------------------------------------------------------------------------

typedef struct {
  size_t lane_count;
  size_t panel_width;
  charlm_packed_count *packed_count;
  charlm_pack *pack;
  charlm_multiply *multiply;
  charlm_quantized_count *quantized_count;
  charlm_pack_quantized *pack_quantized;
  charlm_multiply_quantized *multiply_quantized;
  charlm_transposed_scratch_count *transposed_scratch_count;
  charlm_accumulate_transposed *accumulate_transposed;
  charlm_gather_rows *gather_rows;
  charlm_scatter_add_rows *scatter_add_rows;
  charlm_add_column_sums *add_column_sums;
  charlm_multiply_elements *multiply_elements;
  charlm_add_products *add_products;
  charlm_scale_elements *scale_elements;
  charlm_draw_mask *draw_mask;
  charlm_normalize *normalize;
  charlm_normalize_backward *normalize_backward;
  charlm_lstm_forward *lstm_forward;
  charlm_lstm_backward *lstm_backward;
  charlm_lstm_forward *coupled_lstm_forward;
  charlm_lstm_backward *coupled_lstm_backward;
  charlm_gru_forward *gru_forward;
  charlm_gru_backward *gru_backward;
  charlm_elman_forward *elman_forward;
  charlm_elman_backward *elman_backward;
  charlm_cross_entropy_gradient *cross_entropy_gradient;
  charlm_cross_entropy *cross_entropy;
  charlm_update *sgd;
  charlm_update *momentum;
  charlm_update *nesterov;
  charlm_update *rmsprop;
  charlm_update *rmsprop_momentum;
  charlm_update *adagrad;
  charlm_update *adam;
  charlm_adapt *adapt;
  charlm_sum_of_squares *sum_of_squares;
  charlm_map *exponential;
  charlm_map *sigmoid;
  charlm_map *hyperbolic_tangent;
} charlm_kernels;

// The table, or NULL if this processor or this build lacks the instructions.
const charlm_kernels *charlm_kernels_baseline(void);
const charlm_kernels *charlm_kernels_avx2(void);
const charlm_kernels *charlm_kernels_avx512(void);

// Threads -----------------------------------------------------------------------------------------

// Threads that share jobs, the caller being one of them. They start with the first job that has
// several parts and live as long as the team.
typedef struct charlm_team charlm_team;
typedef void charlm_team_body(void *context, size_t step, size_t part);

// The processors to which this process is bound, at least 1.
size_t charlm_bound_processor_count(void);

// `is_spinning`: whether waiting threads may spin for a while before they sleep.
charlm_team *charlm_team_create(size_t thread_count, bool is_spinning);
void charlm_team_destroy(charlm_team *team);

// Calls body(context, step, part) for each step and each of its parts, the parts side by side on
// the team's threads. A step begins when all parts of the previous one have ended. Denormal numbers
// count as zero inside. If the team is busy with another caller's job, the calling thread does
// everything alone.
void charlm_team_run(
  charlm_team *team, size_t steps, size_t parts, charlm_team_body *body, void *context);

// Memory ------------------------------------------------------------------------------------------

// Allocates memory that begins at a cache line, or consists of huge pages if it is large: matrices
// whose rows are far apart would otherwise need a TLB entry for each row. Aborts if memory is
// exhausted.
void *charlm_allocate(size_t byte_count);
void charlm_free(void *memory);

// Turns on flush-to-zero and denormals-are-zero for the calling thread; returns the mode to
// restore.
uint64_t charlm_flush_denormals(void);
void charlm_restore_float_mode(uint64_t mode);

#endif
