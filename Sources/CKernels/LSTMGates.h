// The element-wise half of an LSTM step; the products before it are Products.h's.

// One vector of units of one row.
INLINE void lstm_forward_units(
  vector sums[4], vector previous_cell, vector gates[4], vector *cell, vector *cell_tanh,
  vector *hidden) {
#pragma clang fp contract(fast)
  sigmoid_pair(sums[0], sums[1], &gates[0], &gates[1]);
  tanh_sigmoid_pair(sums[2], sums[3], &gates[2], &gates[3]);
  *cell = gates[1] * previous_cell + gates[0] * gates[2];
  *cell_tanh = tanh_vector(*cell);
  *hidden = gates[3] * *cell_tanh;
}

static void lstm_forward(
  float *gates, const float *previous_cell, float *cell, float *cell_tanh, float *hidden, size_t rows,
  size_t hidden_size, size_t unit_count) {
  vector sums[4], activated[4], c, c_tanh, h;
  for (size_t r = 0; r < rows; r++) {
    float *row = gates + r * 4 * hidden_size;
    size_t at = r * hidden_size, j = 0;
    for (; j + LANES <= unit_count; j += LANES) {
      UNROLL for (int g = 0; g < 4; g++) sums[g] = load(row + g * hidden_size + j);
      lstm_forward_units(sums, load(previous_cell + at + j), activated, &c, &c_tanh, &h);
      UNROLL for (int g = 0; g < 4; g++) store(row + g * hidden_size + j, activated[g]);
      store(cell + at + j, c);
      store(cell_tanh + at + j, c_tanh);
      store(hidden + at + j, h);
    }
    if (j == unit_count) continue;
    size_t rest = unit_count - j;
    for (int g = 0; g < 4; g++) sums[g] = load_partial(row + g * hidden_size + j, rest, 0);
    lstm_forward_units(
      sums, load_partial(previous_cell + at + j, rest, 0), activated, &c, &c_tanh, &h);
    for (int g = 0; g < 4; g++) store_partial(row + g * hidden_size + j, activated[g], rest);
    store_partial(cell + at + j, c, rest);
    store_partial(cell_tanh + at + j, c_tanh, rest);
    store_partial(hidden + at + j, h, rest);
  }
}

// One vector of units of one row: `gates` becomes the gradient before activation, `cell_gradient` that of
// the previous cell.
INLINE void lstm_backward_units(
  vector gates[4], vector previous_cell, vector cell_tanh, vector hidden_gradient,
  vector *cell_gradient) {
#pragma clang fp contract(fast)
  vector i = gates[0], f = gates[1], g = gates[2], o = gates[3];
  vector d_cell = *cell_gradient + hidden_gradient * o * (1.0f - cell_tanh * cell_tanh);
  gates[0] = d_cell * g * i * (1.0f - i);
  gates[1] = d_cell * previous_cell * f * (1.0f - f);
  gates[2] = d_cell * i * (1.0f - g * g);
  gates[3] = hidden_gradient * cell_tanh * o * (1.0f - o);
  *cell_gradient = d_cell * f;
}

static void lstm_backward(
  float *gates, const float *previous_cell, const float *cell_tanh, const float *hidden_gradient,
  float *cell_gradient, size_t rows, size_t hidden_size, size_t unit_count) {
  vector values[4], d_cell;
  for (size_t r = 0; r < rows; r++) {
    float *row = gates + r * 4 * hidden_size;
    size_t at = r * hidden_size, j = 0;
    for (; j + LANES <= unit_count; j += LANES) {
      UNROLL for (int g = 0; g < 4; g++) values[g] = load(row + g * hidden_size + j);
      d_cell = load(cell_gradient + at + j);
      lstm_backward_units(
        values, load(previous_cell + at + j), load(cell_tanh + at + j),
        load(hidden_gradient + at + j), &d_cell);
      UNROLL for (int g = 0; g < 4; g++) store(row + g * hidden_size + j, values[g]);
      store(cell_gradient + at + j, d_cell);
    }
    if (j == unit_count) continue;
    size_t rest = unit_count - j;
    for (int g = 0; g < 4; g++) values[g] = load_partial(row + g * hidden_size + j, rest, 0);
    d_cell = load_partial(cell_gradient + at + j, rest, 0);
    lstm_backward_units(
      values, load_partial(previous_cell + at + j, rest, 0),
      load_partial(cell_tanh + at + j, rest, 0), load_partial(hidden_gradient + at + j, rest, 0),
      &d_cell);
    for (int g = 0; g < 4; g++) store_partial(row + g * hidden_size + j, values[g], rest);
    store_partial(cell_gradient + at + j, d_cell, rest);
  }
}
