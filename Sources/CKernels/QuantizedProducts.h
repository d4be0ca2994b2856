// Products with 8-bit weights, for networks that only run forward. They read a quarter of the
// memory, and reading is what products of few rows spend their time on.
//
// Column n of B is stored as integers q = round(B / scale_n) in -127 ... 127, with scale_n = max
// |B| / 127 (per-channel symmetric quantization; Jacob et al. 2018, "Quantization and training of
// neural networks"). A row of a becomes integers of up to 15 bits with a scale of its own, so the
// error is that of the weights. Sums of integers are exact in any order.

typedef int16_t short_vector __attribute__((vector_size(2 * LANES), aligned(2), may_alias));

// The depth that is summed in integers before scaling.
#define QUANTIZED_DEPTH 1024

static size_t quantized_count(size_t depth, size_t columns) {
  return round_up(depth, 2) * round_up(columns, LANES);
}

// Panels as in pack(), but two rows at a time: for each column the numbers of both rows, side by
// side.
static void pack_quantized(
  int8_t *panels, float *scales, const float *source, size_t depth, size_t columns,
  size_t depth_stride, size_t column_stride) {
  memset(panels, 0, quantized_count(depth, columns));
  memset(scales, 0, round_up(columns, LANES) * sizeof(float));
  for (size_t first = 0; first < columns; first += PANEL_WIDTH) {
    size_t used = smaller(PANEL_WIDTH, columns - first);
    size_t width = round_up(used, LANES);
    for (size_t n = 0; n < used; n++) {
      const float *column = source + (first + n) * column_stride;
      float top = 0;
      for (size_t k = 0; k < depth; k++) top = fmaxf(top, fabsf(column[k * depth_stride]));
      if (top == 0) continue;
      scales[first + n] = top / 127;
      for (size_t k = 0; k < depth; k++) {
        long rounded = lrintf(column[k * depth_stride] * (127 / top));
        panels[(k / 2 * width + n) * 2 + k % 2] = (int8_t)rounded;
      }
    }
    panels += round_up(depth, 2) * width;
  }
}

// Adds two products to each sum: both numbers of a lane's column, times the pair of numbers of a.
INLINE int_vector add_pair_products(int_vector sums, const int8_t *columns, int32_t pair) {
#if defined(__x86_64__) && LANES == 16 && !defined(CHARLM_EMULATE_AVX512)
  __m512i weights = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)columns));
  return sums + (int_vector)_mm512_madd_epi16(weights, _mm512_set1_epi32(pair));
#elif defined(__x86_64__) && LANES == 8
  __m256i weights = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)columns));
  return sums + (int_vector)_mm256_madd_epi16(weights, _mm256_set1_epi32(pair));
#elif defined(__x86_64__) && LANES == 4
  __m128i bytes = _mm_loadl_epi64((const __m128i *)columns);
  __m128i weights = _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
  return sums + (int_vector)_mm_madd_epi16(weights, _mm_set1_epi32(pair));
#else
  int16_t low = (int16_t)(pair & 0xffff), high = (int16_t)(pair >> 16);
  for (int lane = 0; lane < LANES; lane++)
    sums[lane] += columns[2 * lane] * low + columns[2 * lane + 1] * high;
  return sums;
#endif
}

// Converts `count` floats to integers, in pairs, as large as possible while sums of QUANTIZED_DEPTH
// products with weights stay below 2^31. Returns the value of an integer's unit.
static float quantize_row(int32_t *pairs, const float *values, size_t count) {
  int16_t *integers = (int16_t *)pairs;
  vector tops = splat(0);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector v = load(values + i);
    vector size = blend(v < 0, -v, v);
    tops = blend(size > tops, size, tops);
  }
  float top = 0;
  for (int lane = 0; lane < LANES; lane++) top = tops[lane] > top ? tops[lane] : top;
  for (; i < count; i++) top = fabsf(values[i]) > top ? fabsf(values[i]) : top;
  const float limit = 2147483647 / (127 * QUANTIZED_DEPTH);
  float factor = top > 0 ? limit / top : 0;
  const float magic = 12582912.0f;  // as in exponential_parts: rounds to an integer in the low bits
  for (i = 0; i < count; i += LANES) {
    vector v = load_used(values + i, smaller(LANES, count - i));
    int_vector rounded = (int_vector)fused(v, splat(factor), splat(magic)) - 0x4B400000;
    *(short_vector *)(integers + i) = __builtin_convertvector(rounded, short_vector);
  }
  return top / limit;
}

// c = initial + a B for one row, one panel and a part of its depth: `pair_count` pairs, whose unit
// is `a_scale`. `vectors` is a constant where this is inlined.
INLINE void quantized_panel(
  float *c, const float *initial, const int32_t *pairs, float a_scale, size_t pair_count,
  const int8_t *panel, const float *scales, size_t columns, int vectors) {
  int_vector sums[PANEL_VECTORS] = {{0}};
  for (size_t k = 0; k < pair_count; k++, panel += 2 * vectors * LANES) {
    UNROLL for (int v = 0; v < vectors; v++) {
      sums[v] = add_pair_products(sums[v], panel + 2 * v * LANES, pairs[k]);
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    size_t n = v * LANES, used = smaller(LANES, columns - n);
    vector before = initial ? load_used(initial + n, used) : splat(0);
    vector product = __builtin_convertvector(sums[v], vector) * (load(scales + n) * a_scale);
    store_used(c + n, before + product, used);
  }
}

static void multiply_quantized(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const int8_t *panels, const float *scales, size_t rows, size_t depth,
  size_t columns) {
  int32_t pairs[QUANTIZED_DEPTH / 2];
  size_t padded_depth = round_up(depth, 2);
  for (size_t r = 0; r < rows; r++) {
    float *row = c + r * c_stride;
    for (size_t k = 0; k < depth; k += QUANTIZED_DEPTH) {
      size_t count = smaller(QUANTIZED_DEPTH, depth - k);
      float a_scale = quantize_row(pairs, a + r * a_stride + k, count);
      const float *from = k > 0 ? row : advanced(initial, r * initial_stride);
      size_t pair_count = round_up(count, 2) / 2;
      // Each panel is as deep as B; this part begins k rows into it.
      for (size_t first = 0; first < columns; first += PANEL_WIDTH) {
        size_t width = smaller(PANEL_WIDTH, columns - first);
        size_t padded = round_up(width, LANES);
        const int8_t *panel = panels + first * padded_depth + k * padded;
        float *to = row + first;
        const float *before = advanced(from, first);
        switch (padded / LANES) {
#define PANEL(N)                                                                                   \
  case N:                                                                                          \
    quantized_panel(to, before, pairs, a_scale, pair_count, panel, scales + first, width, N);      \
    break;
          PANEL(1) PANEL(2)
#if PANEL_VECTORS == 4
          PANEL(3) PANEL(4)
#endif
#undef PANEL
        }
      }
    }
  }
}
