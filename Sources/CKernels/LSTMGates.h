// The element-wise half of an LSTM step; Products.h has the products before it.
//
// The forward pass makes three sweeps over a row. One fused loop would be a longer chain of
// dependent operations than a processor's reorder window holds, and more values than AVX2 has
// registers for.

// g and o, from their sums, and c.
INLINE void lstm_cell(
  const float *input, const float *forget, float *candidate, float *output,
  const float *previous_cell, float *cell, size_t used) {
  vector g, o;
  tanh_sigmoid_pair(load_used(candidate, used), load_used(output, used), &g, &o);
  store_used(candidate, g, used);
  store_used(output, o, used);
  vector remembered = load_used(forget, used) * load_used(previous_cell, used);
  store_used(cell, fused(load_used(input, used), g, remembered), used);
}

// tanh c and h.
INLINE void lstm_hidden(
  const float *output, const float *cell, float *cell_tanh, float *hidden, size_t used) {
  vector c_tanh = tanh_vector(load_used(cell, used));
  store_used(cell_tanh, c_tanh, used);
  store_used(hidden, load_used(output, used) * c_tanh, used);
}

static void lstm_forward(
  float *gates, const float *previous_cell, float *cell, float *cell_tanh, float *hidden,
  size_t rows, size_t hidden_size, size_t unit_count) {
  for (size_t r = 0; r < rows; r++) {
    float *i = gates + r * 4 * hidden_size, *f = i + hidden_size;
    float *g = f + hidden_size, *o = g + hidden_size;
    size_t row = r * hidden_size;
    FOR_EACH_VECTOR(unit_count, sigmoid_pair_in_place(i + at, f + at, used));
    FOR_EACH_VECTOR(
      unit_count,
      lstm_cell(
        i + at, f + at, g + at, o + at, previous_cell + row + at, cell + row + at, used));
    FOR_EACH_VECTOR(
      unit_count,
      lstm_hidden(o + at, cell + row + at, cell_tanh + row + at, hidden + row + at, used));
  }
}

// One vector of units. `gates`, whose blocks are `hidden_size` apart, become the gradients before
// activation, `cell_gradient` that of the previous cell state.
INLINE void lstm_backward_units(
  float *gates, size_t hidden_size, const float *previous_cell, const float *cell_tanh,
  const float *hidden_gradient, float *cell_gradient, size_t used) {
  vector i = load_used(gates, used), f = load_used(gates + hidden_size, used);
  vector g = load_used(gates + 2 * hidden_size, used);
  vector o = load_used(gates + 3 * hidden_size, used);
  vector c_tanh = load_used(cell_tanh, used), d_hidden = load_used(hidden_gradient, used);
  vector c_before = load_used(previous_cell, used);
  vector d_cell = fused(d_hidden * o, tanh_slope(c_tanh), load_used(cell_gradient, used));
  store_used(gates, d_cell * g * i * (1.0f - i), used);
  store_used(gates + hidden_size, d_cell * c_before * f * (1.0f - f), used);
  store_used(gates + 2 * hidden_size, d_cell * i * tanh_slope(g), used);
  store_used(gates + 3 * hidden_size, d_hidden * c_tanh * o * (1.0f - o), used);
  store_used(cell_gradient, d_cell * f, used);
}

static void lstm_backward(
  float *gates, const float *previous_cell, const float *cell_tanh, const float *hidden_gradient,
  float *cell_gradient, size_t rows, size_t hidden_size, size_t unit_count) {
  for (size_t r = 0; r < rows; r++) {
    float *first = gates + r * 4 * hidden_size;
    size_t row = r * hidden_size;
    FOR_EACH_VECTOR(
      unit_count,
      lstm_backward_units(
        first + at, hidden_size, previous_cell + row + at, cell_tanh + row + at,
        hidden_gradient + row + at, cell_gradient + row + at, used));
  }
}
