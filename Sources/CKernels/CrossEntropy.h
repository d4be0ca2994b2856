// Softmax cross-entropy. The largest logit is subtracted first, so no exponential overflows.

INLINE float largest(const float *values, size_t count) {
  float result = values[0];
  if (count >= LANES) {
    vector v = load(values);
    for (size_t i = LANES; i < count; i += LANES) {
      vector next = load(values + smaller(i, count - LANES));  // the last two may overlap
      v = blend(next > v, next, v);
    }
    result = v[0];
    for (int lane = 1; lane < LANES; lane++) result = v[lane] > result ? v[lane] : result;
  } else {
    for (size_t i = 1; i < count; i++) result = values[i] > result ? values[i] : result;
  }
  return result;
}

// The sum of e^(value - top). With `exponentials`, which may be NULL, each term is stored there.
INLINE double exponential_sum(const float *values, float top, size_t count, float *exponentials) {
  vector sum = splat(0);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector e = exp_vector(load(values + i) - top);
    if (exponentials) store(exponentials + i, e);
    sum += e;
  }
  double total = sum_of_lanes(sum);
  if (i < count) {
    vector e = exp_vector(load_partial(values + i, count - i, top) - top);
    if (exponentials) store_partial(exponentials + i, e, count - i);
    for (size_t lane = 0; lane < count - i; lane++) total += e[lane];
  }
  return total;
}

static void cross_entropy_gradient(
  float *logits, const uint16_t *targets, double *nats, size_t rows, size_t vocabulary_size,
  float scale) {
  for (size_t r = 0; r < rows; r++) {
    float *row = logits + r * vocabulary_size;
    float top = largest(row, vocabulary_size);
    double target = row[targets[r]];
    double total = exponential_sum(row, top, vocabulary_size, row);
    // Large logits are subtracted first: beside them log(total) would be lost.
    nats[r] = log(total) + (top - target);
    scale_elements(row, (float)(scale / total), vocabulary_size);
    row[targets[r]] -= scale;
  }
}

static void cross_entropy(
  const float *logits, const uint16_t *targets, double *nats, size_t rows, size_t vocabulary_size) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = logits + r * vocabulary_size;
    float top = largest(row, vocabulary_size);
    double total = exponential_sum(row, top, vocabulary_size, NULL);
    nats[r] = log(total) + (top - (double)row[targets[r]]);
  }
}
