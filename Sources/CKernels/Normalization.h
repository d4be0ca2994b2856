// RMS normalization of sums in groups of units (Zhang & Sennrich 2019).
//
// The sums of a row are `blocks` of block_size numbers, a block for each gate; of each block the
// first unit_count are processed, in whole groups.

#define NORMALIZATION_EPSILON 1e-5f

// One group. Returns 1 / root mean square.
INLINE float normalize_group(
  float *sums, const float *gain, const float *bias, float *normalized, size_t size) {
  vector squares = splat(0);
  FOR_EACH_VECTOR(size, {
    vector x = load_used(sums + at, used);
    squares = fused(x, x, squares);
  });
  float scale = (float)(1 / sqrt(sum_of_lanes(squares) / (double)size + NORMALIZATION_EPSILON));
  FOR_EACH_VECTOR(size, {
    vector x = load_used(sums + at, used) * scale;
    if (normalized) store_used(normalized + at, x, used);
    vector g = load_used(gain + at, used);
    store_used(sums + at, fused(x, g, load_used(bias + at, used)), used);
  });
  return scale;
}

static void normalize(
  float *sums, const float *gain, const float *bias, float *normalized, float *scales, size_t rows,
  size_t blocks, size_t block_size, size_t unit_count, size_t group_size) {
  size_t group_count = block_size / group_size;
  for (size_t r = 0; r < rows; r++) {
    for (size_t b = 0; b < blocks; b++) {
      size_t first = (r * blocks + b) * block_size;
      float *scale = scales ? scales + (r * blocks + b) * group_count : NULL;
      for (size_t unit = 0; unit < unit_count; unit += group_size) {
        size_t at = first + unit, column = b * block_size + unit;
        float found = normalize_group(
          sums + at, gain + column, bias + column, normalized ? normalized + at : NULL,
          group_size);
        if (scale) *scale++ = found;
      }
    }
  }
}

// One group. `gradient`, of the normalized sums after gain and bias, becomes that of the sums.
INLINE void normalize_group_backward(
  float *gradient, const float *normalized, float scale, const float *gain, float *gain_gradient,
  float *bias_gradient, size_t size) {
  vector products = splat(0);
  FOR_EACH_VECTOR(size, {
    vector d = load_used(gradient + at, used);
    vector d_gain = d * load_used(normalized + at, used);
    products = fused(d_gain, load_used(gain + at, used), products);
    if (gain_gradient) {
      store_used(gain_gradient + at, load_used(gain_gradient + at, used) + d_gain, used);
      store_used(bias_gradient + at, load_used(bias_gradient + at, used) + d, used);
    }
  });
  float mean = (float)(sum_of_lanes(products) / (double)size);
  FOR_EACH_VECTOR(size, {
    vector d = load_used(gradient + at, used) * load_used(gain + at, used);
    vector difference = fused(splat(-mean), load_used(normalized + at, used), d);
    store_used(gradient + at, scale * difference, used);
  });
}

static void normalize_backward(
  float *gradient, const float *normalized, const float *scales, const float *gain,
  float *gain_gradient, float *bias_gradient, size_t rows, size_t blocks, size_t block_size,
  size_t unit_count, size_t group_size) {
  size_t group_count = block_size / group_size;
  for (size_t r = 0; r < rows; r++) {
    for (size_t b = 0; b < blocks; b++) {
      size_t first = (r * blocks + b) * block_size;
      const float *scale = scales + (r * blocks + b) * group_count;
      for (size_t unit = 0; unit < unit_count; unit += group_size) {
        size_t at = first + unit;
        normalize_group_backward(
          gradient + at, normalized + at, *scale++, gain + b * block_size + unit,
          gain_gradient ? gain_gradient + at : NULL, bias_gradient ? bias_gradient + at : NULL,
          group_size);
      }
    }
  }
}
