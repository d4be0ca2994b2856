// The element-wise half of a step of an LSTM with coupled gates; Products.h has the products before
// it. The three sweeps are those of LSTMGates.h.

// g, from its sum, and c.
INLINE void coupled_lstm_cell(
  const float *forget, float *candidate, const float *previous_cell, float *cell, size_t used) {
  vector g = tanh_vector(load_used(candidate, used));
  store_used(candidate, g, used);
  vector difference = load_used(previous_cell, used) - g;
  store_used(cell, fused(load_used(forget, used), difference, g), used);
}

static void coupled_lstm_forward(
  float *gates, const float *previous_cell, float *cell, float *cell_tanh, float *hidden,
  size_t rows, size_t hidden_size, size_t unit_count) {
  for (size_t r = 0; r < rows; r++) {
    float *f = gates + r * 3 * hidden_size, *g = f + hidden_size, *o = g + hidden_size;
    size_t row = r * hidden_size;
    FOR_EACH_VECTOR(unit_count, sigmoid_pair_in_place(f + at, o + at, used));
    FOR_EACH_VECTOR(
      unit_count,
      coupled_lstm_cell(f + at, g + at, previous_cell + row + at, cell + row + at, used));
    FOR_EACH_VECTOR(
      unit_count,
      lstm_hidden(o + at, cell + row + at, cell_tanh + row + at, hidden + row + at, used));
  }
}

// One vector of units, as lstm_backward_units.
INLINE void coupled_lstm_backward_units(
  float *gates, size_t hidden_size, const float *previous_cell, const float *cell_tanh,
  const float *hidden_gradient, float *cell_gradient, size_t used) {
  vector f = load_used(gates, used), g = load_used(gates + hidden_size, used);
  vector o = load_used(gates + 2 * hidden_size, used);
  vector c_tanh = load_used(cell_tanh, used), d_hidden = load_used(hidden_gradient, used);
  vector difference = load_used(previous_cell, used) - g;
  vector d_cell = fused(d_hidden * o, tanh_slope(c_tanh), load_used(cell_gradient, used));
  store_used(gates, d_cell * difference * f * (1.0f - f), used);
  store_used(gates + hidden_size, d_cell * (1.0f - f) * tanh_slope(g), used);
  store_used(gates + 2 * hidden_size, d_hidden * c_tanh * o * (1.0f - o), used);
  store_used(cell_gradient, d_cell * f, used);
}

static void coupled_lstm_backward(
  float *gates, const float *previous_cell, const float *cell_tanh, const float *hidden_gradient,
  float *cell_gradient, size_t rows, size_t hidden_size, size_t unit_count) {
  for (size_t r = 0; r < rows; r++) {
    float *first = gates + r * 3 * hidden_size;
    size_t row = r * hidden_size;
    FOR_EACH_VECTOR(
      unit_count,
      coupled_lstm_backward_units(
        first + at, hidden_size, previous_cell + row + at, cell_tanh + row + at,
        hidden_gradient + row + at, cell_gradient + row + at, used));
  }
}
