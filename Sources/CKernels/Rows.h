// Passes over rows and elements.

static void gather_rows(
  float *destination, size_t stride, const float *table, size_t table_stride, const uint16_t *ids,
  size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++) {
    memcpy(destination + r * stride, table + ids[r] * table_stride, width * sizeof(float));
  }
}

INLINE void add_to(float *destination, const float *source, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    store(destination + i, load(destination + i) + load(source + i));
  }
  for (; i < count; i++) destination[i] += source[i];
}

static void scatter_add_rows(
  float *table, size_t table_stride, const float *source, size_t stride, const uint16_t *ids,
  size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++) {
    add_to(table + ids[r] * table_stride, source + r * stride, width);
  }
}

static void add_column_sums(
  float *destination, const float *source, size_t rows, size_t stride, size_t column_begin,
  size_t column_end) {
  for (size_t r = 0; r < rows; r++) {
    add_to(
      destination + column_begin, source + r * stride + column_begin, column_end - column_begin);
  }
}

static void multiply_elements(float *destination, const float *a, const float *b, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) store(destination + i, load(a + i) * load(b + i));
  for (; i < count; i++) destination[i] = a[i] * b[i];
}

static void add_products(float *destination, const float *a, const float *b, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    store(destination + i, fused(load(a + i), load(b + i), load(destination + i)));
  }
  if (i == count) return;
  size_t used = count - i;
  vector last = fused(
    load_used(a + i, used), load_used(b + i, used), load_used(destination + i, used));
  store_used(destination + i, last, used);
}

static void scale_elements(float *values, float factor, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) store(values + i, load(values + i) * factor);
  for (; i < count; i++) values[i] *= factor;
}

// The square of a float is exact in double precision.
static double sum_of_squares(const float *values, size_t count) {
  double_vector sums = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    double_vector wide = __builtin_convertvector(load(values + i), double_vector);
    sums += wide * wide;
  }
  double total = 0;
  for (int lane = 0; lane < LANES; lane++) total += sums[lane];
  for (; i < count; i++) total += (double)values[i] * values[i];
  return total;
}
