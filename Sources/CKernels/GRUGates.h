// The element-wise half of a GRU step; the products before it are Products.h's.

// One vector of units of one row: `gates` goes from r, z, n before activation to after it.
INLINE void gru_forward_units(
  vector gates[3], vector recurrent_candidate, vector previous_hidden, vector *hidden) {
#pragma clang fp contract(fast)
  sigmoid_pair(gates[0], gates[1], &gates[0], &gates[1]);
  gates[2] = tanh_vector(gates[2] + gates[0] * recurrent_candidate);
  *hidden = gates[2] + gates[1] * (previous_hidden - gates[2]);
}

static void gru_forward(
  float *gates, const float *recurrent_candidate, const float *previous_hidden, float *hidden,
  size_t rows, size_t hidden_size, size_t unit_count) {
  vector values[3], h;
  for (size_t r = 0; r < rows; r++) {
    float *row = gates + r * 3 * hidden_size;
    size_t at = r * hidden_size, j = 0;
    for (; j + LANES <= unit_count; j += LANES) {
      UNROLL for (int g = 0; g < 3; g++) values[g] = load(row + g * hidden_size + j);
      gru_forward_units(
        values, load(recurrent_candidate + at + j), load(previous_hidden + at + j), &h);
      UNROLL for (int g = 0; g < 3; g++) store(row + g * hidden_size + j, values[g]);
      store(hidden + at + j, h);
    }
    if (j == unit_count) continue;
    size_t rest = unit_count - j;
    for (int g = 0; g < 3; g++) values[g] = load_partial(row + g * hidden_size + j, rest, 0);
    gru_forward_units(
      values, load_partial(recurrent_candidate + at + j, rest, 0),
      load_partial(previous_hidden + at + j, rest, 0), &h);
    for (int g = 0; g < 3; g++) store_partial(row + g * hidden_size + j, values[g], rest);
    store_partial(hidden + at + j, h, rest);
  }
}

// One vector of units of one row: `gates` and `recurrent_candidate` become the gradients before
// activation, `carried` what the step hands to the one before without a product.
INLINE void gru_backward_units(
  vector gates[3], vector *recurrent_candidate, vector previous_hidden, vector hidden_gradient,
  vector *carried) {
#pragma clang fp contract(fast)
  vector r = gates[0], z = gates[1], n = gates[2];
  vector d_hidden = hidden_gradient + *carried;
  vector d_candidate = d_hidden * (1.0f - z) * (1.0f - n * n);
  gates[0] = d_candidate * *recurrent_candidate * r * (1.0f - r);
  gates[1] = d_hidden * (previous_hidden - n) * z * (1.0f - z);
  gates[2] = d_candidate;
  *recurrent_candidate = d_candidate * r;
  *carried = d_hidden * z;
}

static void gru_backward(
  float *gates, float *recurrent_candidate, const float *previous_hidden,
  const float *hidden_gradient, float *carried, size_t rows, size_t hidden_size, size_t unit_count) {
  vector values[3], candidate, d_carried;
  for (size_t r = 0; r < rows; r++) {
    float *row = gates + r * 3 * hidden_size;
    size_t at = r * hidden_size, j = 0;
    for (; j + LANES <= unit_count; j += LANES) {
      UNROLL for (int g = 0; g < 3; g++) values[g] = load(row + g * hidden_size + j);
      candidate = load(recurrent_candidate + at + j);
      d_carried = load(carried + at + j);
      gru_backward_units(
        values, &candidate, load(previous_hidden + at + j), load(hidden_gradient + at + j),
        &d_carried);
      UNROLL for (int g = 0; g < 3; g++) store(row + g * hidden_size + j, values[g]);
      store(recurrent_candidate + at + j, candidate);
      store(carried + at + j, d_carried);
    }
    if (j == unit_count) continue;
    size_t rest = unit_count - j;
    for (int g = 0; g < 3; g++) values[g] = load_partial(row + g * hidden_size + j, rest, 0);
    candidate = load_partial(recurrent_candidate + at + j, rest, 0);
    d_carried = load_partial(carried + at + j, rest, 0);
    gru_backward_units(
      values, &candidate, load_partial(previous_hidden + at + j, rest, 0),
      load_partial(hidden_gradient + at + j, rest, 0), &d_carried);
    for (int g = 0; g < 3; g++) store_partial(row + g * hidden_size + j, values[g], rest);
    store_partial(recurrent_candidate + at + j, candidate, rest);
    store_partial(carried + at + j, d_carried, rest);
  }
}
