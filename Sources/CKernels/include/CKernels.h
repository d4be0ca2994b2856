// The hot loops of charlm, one table of functions for each instruction set.
//
// Shapes: rows x columns, row-major, float32; a stride is the distance in floats between two rows.
// Legend: B rows of a batch, T steps of a window, H hidden units, V vocabulary.
//
// Every element of a product is one sum in ascending order of the summed index, whatever the tile it
// falls into. So a result depends on the instruction set, but never on how rows and columns are split
// over calls or threads.
#ifndef CHARLM_CKERNELS_H
#define CHARLM_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Matrix products ---------------------------------------------------------------------------------

// Floats that pack() writes for a matrix of `depth` x `columns`.
typedef size_t charlm_packed_count(size_t depth, size_t columns);

// Packs the matrix B[k][n] = source[k * depth_stride + n * column_stride] into panels of
// `panel_width` columns, each stored depth-first; the last panel is padded with zeros to whole vectors.
typedef void charlm_pack(
  float *panels, const float *source, size_t depth, size_t columns, size_t depth_stride,
  size_t column_stride);

// c[rows x columns] = initial + a[rows x depth] * B, where `panels` is B packed. `initial` is c itself, or one row
// for all with a stride of 0, or NULL for zero. With `from_end` the last panel comes first: where B is read
// again and again and is larger than the cache, to and fro finds more of it there than round and round.
typedef void charlm_multiply(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const float *panels, size_t rows, size_t depth, size_t columns, bool from_end);

// The same with weights of 8 bits, for products of few rows (QuantizedProducts.h). Bytes of `panels`; `scales`
// holds a float for each column, rounded up to whole vectors.
typedef size_t charlm_quantized_count(size_t depth, size_t columns);
typedef void charlm_pack_quantized(
  int8_t *panels, float *scales, const float *source, size_t depth, size_t columns,
  size_t depth_stride, size_t column_stride);
typedef void charlm_multiply_quantized(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const int8_t *panels, const float *scales, size_t rows, size_t depth,
  size_t columns);

// c[row_begin ..< row_end] += (a' * b)[row_begin ..< row_end], where a is [depth x rows] and b is
// [depth x columns]: the product of weight gradients, cut along its output rows. With `sums`, the sum of each
// column of a is added to sums[row_begin ..< row_end], too: the gradient of a bias.
// `scratch` holds at least charlm_transposed_scratch_count(columns) floats.
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
typedef void charlm_multiply_elements(float *destination, const float *a, const float *b, size_t count);

// destination[i] += a[i] * b[i]
typedef void charlm_add_products(float *destination, const float *a, const float *b, size_t count);

// values[i] *= factor
typedef void charlm_scale_elements(float *values, float factor, size_t count);

// mask[i] = 0 where the i-th 32-bit number is below `threshold`, else `scale`. The numbers are the halves, the
// low one first, of those that SplitMix64 gives from `state` on.
typedef void charlm_draw_mask(
  float *mask, size_t count, uint64_t state, uint32_t threshold, float scale);

// Gates -------------------------------------------------------------------------------------------

// The functions of gates work on `unit_count` units of each row; pointers lead to the first of these units in
// the first row, and rows lie hidden_size (gates: G * hidden_size) floats apart.

// LSTM gates (order i, f, g, o; Hochreiter & Schmidhuber 1997, Gers et al. 2000) --------------------

// gates [rows x 4H] holds the sums before activation and receives i, f, g, o after it;
// cell = f * previous_cell + i * g; cell_tanh = tanh(cell); hidden = o * cell_tanh, each [rows x H].
typedef void charlm_lstm_forward(
  float *gates, const float *previous_cell, float *cell, float *cell_tanh, float *hidden, size_t rows,
  size_t hidden_size, size_t unit_count);

// gates holds what lstm_forward left and receives the gradient of the sums before activation.
// cell_gradient holds dL/dcell from the later step and receives dL/dprevious_cell.
typedef void charlm_lstm_backward(
  float *gates, const float *previous_cell, const float *cell_tanh, const float *hidden_gradient,
  float *cell_gradient, size_t rows, size_t hidden_size, size_t unit_count);

// GRU gates (order r, z, n; Cho et al. 2014, with the reset after the product) ------------------------

// gates [rows x 3H] holds the sums before activation, that of n without its recurrent part, which is
// recurrent_candidate = W_hn h + b_hn [rows x H]; gates receives r, z, n = tanh(sum + r * recurrent_candidate).
// hidden = (1 - z) * n + z * previous_hidden, each [rows x H].
typedef void charlm_gru_forward(
  float *gates, const float *recurrent_candidate, const float *previous_hidden, float *hidden,
  size_t rows, size_t hidden_size, size_t unit_count);

// gates holds what gru_forward left and receives the gradient of the sums before activation;
// recurrent_candidate receives its own gradient. The whole of dL/dhidden is hidden_gradient + state_gradient,
// the latter from the later step; state_gradient receives the part z * dL/dhidden of dL/dprevious_hidden.
typedef void charlm_gru_backward(
  float *gates, float *recurrent_candidate, const float *previous_hidden,
  const float *hidden_gradient, float *state_gradient, size_t rows, size_t hidden_size, size_t unit_count);

// Simple recurrent network (Elman 1990) --------------------------------------------------------------

typedef enum {
  charlm_activation_tanh,
  charlm_activation_relu,
  charlm_activation_sigmoid,
} charlm_activation;

// hidden = activation(sums), each [rows x H].
typedef void charlm_elman_forward(
  const float *sums, float *hidden, size_t rows, size_t hidden_size, size_t unit_count,
  charlm_activation activation);

// gradient receives that of the sums: hidden_gradient * activation'(sums), from what elman_forward gave.
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

// What one update of the parameters p reads and writes; each run is `count` long, and none overlaps another.
typedef struct {
  float *parameters;
  const float *gradients;
  float *first_moments;   // unused where the optimizer has none
  float *second_moments;  // unused where the optimizer has fewer than two
  float *averages;        // NULL for none
} charlm_update_buffers;

// Before the optimizer's rule, for each parameter:
//   g = gradient_scale * gradient, then clamped to -clip_value ... clip_value
//   g += weight_decay * p + l1 * sign(p)
//   p -= decoupled_weight_decay * p + decoupled_l1 * sign(p), both of the p before
// and after it: average += average_share * (p - average).
typedef struct {
  float gradient_scale;
  float clip_value;  // infinite for none
  float weight_decay, l1;
  float decoupled_weight_decay, decoupled_l1;  // the learning rate is in them
  float average_share;
  float learning_rate;
  float decay1, share1;    // momentum, or beta1 of Adam; share = 1 - decay, rounded once
  float decay2, share2;    // of the mean square: alpha of RMSProp, or beta2 of Adam
  float epsilon;           // added to the root
  float bias_correction1;  // 1 - beta1^step
  float bias_correction2;  // 1 - beta2^step
} charlm_update_step;

// One update; formulas as in torch.optim, m and v the first and second moments:
//   sgd               p -= learning_rate * g
//   momentum          m = decay1 * m + g; p -= learning_rate * m
//   nesterov          m = decay1 * m + g; p -= learning_rate * (g + decay1 * m)
//   rmsprop           m = decay2 * m + share2 * g^2; p -= learning_rate * g / (sqrt(m) + epsilon)
//   rmsprop_momentum  m as before; v = decay1 * v + g / (sqrt(m) + epsilon); p -= learning_rate * v
//   adagrad           m += g^2; p -= learning_rate * g / (sqrt(m) + epsilon)
//   adam              m = decay1 * m + share1 * g; v = decay2 * v + share2 * g^2;
//                     p -= learning_rate * m / bias_correction1 / (sqrt(v / bias_correction2) + epsilon)
typedef void charlm_update(
  charlm_update_buffers buffers, size_t count, charlm_update_step step);

// One step of dynamic evaluation; each array has `count` floats, and none overlaps another.
//   p += min(decay * root, 1) * (trained - p) - learning_rate * g / (root + epsilon)
// `trained` are the parameters that decay leads back to, `roots` those of the gradients' mean squares.
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
  charlm_lstm_forward *lstm_forward;
  charlm_lstm_backward *lstm_backward;
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

// The table, or NULL where this processor or this build lacks the instructions.
const charlm_kernels *charlm_kernels_baseline(void);
const charlm_kernels *charlm_kernels_avx2(void);
const charlm_kernels *charlm_kernels_avx512(void);

// Threads -----------------------------------------------------------------------------------------

// Threads that share work, the caller being one of them. They are started with the first work for several and
// live as long as the team.
typedef struct charlm_team charlm_team;
typedef void charlm_team_body(void *context, size_t step, size_t part);

charlm_team *charlm_team_create(size_t thread_count);
void charlm_team_destroy(charlm_team *team);

// Calls body(context, step, part) for each step and each part of it, parts side by side on the team's threads;
// a step begins when all parts of the one before have ended. Denormal numbers count as zero inside.
// While the team is at work for another caller, this one's thread does all of it alone.
void charlm_team_run(
  charlm_team *team, size_t steps, size_t parts, charlm_team_body *body, void *context);

// Memory ------------------------------------------------------------------------------------------

// Memory that begins at a cache line, or in huge pages where it is large: matrices whose rows lie far apart
// would else need an address translation for each. Ends the process where there is none.
void *charlm_allocate(size_t byte_count);
void charlm_free(void *memory);

// Turns on flush-to-zero and denormals-are-zero for the calling thread; returns what to restore.
uint64_t charlm_flush_denormals(void);
void charlm_restore_float_mode(uint64_t mode);

#endif
