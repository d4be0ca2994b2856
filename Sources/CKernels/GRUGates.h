// The element-wise half of a GRU step; Products.h has the products before it.

// n, from its two sums, and h.
INLINE void gru_hidden(
  const float *reset, const float *update, float *candidate, const float *recurrent_candidate,
  const float *previous_hidden, float *hidden, size_t used) {
  vector n = tanh_vector(fused(
    load_used(reset, used), load_used(recurrent_candidate, used), load_used(candidate, used)));
  store_used(candidate, n, used);
  vector difference = load_used(previous_hidden, used) - n;
  store_used(hidden, fused(load_used(update, used), difference, n), used);
}

// Two sweeps over a row, as in LSTMGates.h.
static void gru_forward(
  float *gates, const float *recurrent_candidate, const float *previous_hidden, float *hidden,
  size_t rows, size_t hidden_size, size_t unit_count) {
  for (size_t k = 0; k < rows; k++) {
    float *r = gates + k * 3 * hidden_size, *z = r + hidden_size, *n = z + hidden_size;
    size_t row = k * hidden_size;
    FOR_EACH_VECTOR(unit_count, sigmoid_pair_in_place(r + at, z + at, used));
    FOR_EACH_VECTOR(
      unit_count,
      gru_hidden(
        r + at, z + at, n + at, recurrent_candidate + row + at, previous_hidden + row + at,
        hidden + row + at, used));
  }
}

// One vector of units. `gates`, whose blocks are `hidden_size` apart, and `recurrent_candidate`
// become the gradients before activation; `state_gradient` becomes the part of dL/dprevious_hidden
// that bypasses W_hh.
INLINE void gru_backward_units(
  float *gates, size_t hidden_size, float *recurrent_candidate, const float *previous_hidden,
  const float *hidden_gradient, float *state_gradient, size_t used) {
  vector r = load_used(gates, used), z = load_used(gates + hidden_size, used);
  vector n = load_used(gates + 2 * hidden_size, used);
  vector s_n = load_used(recurrent_candidate, used);
  vector difference = load_used(previous_hidden, used) - n;
  vector d_hidden = load_used(hidden_gradient, used) + load_used(state_gradient, used);
  vector d_candidate = d_hidden * (1.0f - z) * tanh_slope(n);
  store_used(gates, d_candidate * s_n * r * (1.0f - r), used);
  store_used(gates + hidden_size, d_hidden * difference * z * (1.0f - z), used);
  store_used(gates + 2 * hidden_size, d_candidate, used);
  store_used(recurrent_candidate, d_candidate * r, used);
  store_used(state_gradient, d_hidden * z, used);
}

static void gru_backward(
  float *gates, float *recurrent_candidate, const float *previous_hidden,
  const float *hidden_gradient, float *state_gradient, size_t rows, size_t hidden_size,
  size_t unit_count) {
  for (size_t k = 0; k < rows; k++) {
    float *first = gates + k * 3 * hidden_size;
    size_t row = k * hidden_size;
    FOR_EACH_VECTOR(
      unit_count,
      gru_backward_units(
        first + at, hidden_size, recurrent_candidate + row + at, previous_hidden + row + at,
        hidden_gradient + row + at, state_gradient + row + at, used));
  }
}
