// Matrix products over register tiles of at most TILE_ROWS x PANEL_WIDTH accumulators.
//
// The tile follows Goto & van de Geijn 2008 ("Anatomy of high-performance matrix multiplication")
// and the BLIS micro-kernel: it loads one packed row of B and broadcasts one element of each row of
// A.

#define PANEL_WIDTH (LANES * PANEL_VECTORS)
#define TILE_ROWS 6
// Rows of A' (columns of the stored a) copied at once, and the depth of a block: a packed panel of
// this depth and the rows of a tile stay in the first-level cache together.
#define GROUP_ROWS 48
#define BLOCK_DEPTH (PANEL_VECTORS == 4 ? 128 : 256)
// Rows of a large A that stay in the cache while all panels pass over them.
#define BLOCK_ROWS 96
// How many rows ahead is prefetched, and the floats of a cache line.
#define ROWS_AHEAD 8
#define LINE_FLOATS 16

static size_t packed_count(size_t depth, size_t columns) {
  return depth * round_up(columns, LANES);
}

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

// Transposes 4 rows of 4 floats, `stride` apart, into columns `to_stride` apart.
INLINE void transpose_quads(float *to, size_t to_stride, const float *from, size_t stride) {
  quad a = *(const quad *)from, b = *(const quad *)(from + stride);
  quad c = *(const quad *)(from + 2 * stride), d = *(const quad *)(from + 3 * stride);
  quad ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  quad ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  quad cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  quad cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(quad *)to = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  *(quad *)(to + to_stride) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  *(quad *)(to + 2 * to_stride) = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  *(quad *)(to + 3 * to_stride) = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

// Transposes `height` rows of `width` floats, `stride` apart, into columns `to_stride` apart. It
// takes few rows at a time, and all of their floats: rows at a distance of a power of two compete
// for a few lines of the first-level cache.
INLINE void transpose_block(
  float *to, size_t to_stride, const float *from, size_t stride, size_t height, size_t width) {
  size_t n = 0;
  for (; n + 4 <= height; n += 4) {
    size_t k = 0;
    for (; k + 4 <= width; k += 4) {
      transpose_quads(to + k * to_stride + n, to_stride, from + n * stride + k, stride);
    }
    for (; k < width; k++) {
      for (size_t m = n; m < n + 4; m++) to[k * to_stride + m] = from[m * stride + k];
    }
  }
  for (; n < height; n++) {
    for (size_t k = 0; k < width; k++) to[k * to_stride + n] = from[n * stride + k];
  }
}

static void pack(
  float *panels, const float *source, size_t depth, size_t columns, size_t depth_stride,
  size_t column_stride) {
  for (size_t first = 0; first < columns; first += PANEL_WIDTH) {
    size_t used = smaller(PANEL_WIDTH, columns - first);
    size_t width = round_up(used, LANES);
    const float *corner = source + first * column_stride;
    if (column_stride == 1 && used == PANEL_WIDTH) {
      for (size_t k = 0; k < depth; k++) {
        memcpy(panels + k * PANEL_WIDTH, corner + k * depth_stride, PANEL_WIDTH * sizeof(float));
      }
    } else if (column_stride == 1) {
      for (size_t k = 0; k < depth; k++) {
        memcpy(panels + k * width, corner + k * depth_stride, used * sizeof(float));
      }
    } else {  // depth_stride is 1: complete cache lines of the source are read at once
      for (size_t k = 0; k < depth; k += LINE_FLOATS) {
        transpose_block(
          panels + k * width, width, corner + k, column_stride, used,
          smaller(LINE_FLOATS, depth - k));
      }
    }
    if (used < width) {
      for (size_t k = 0; k < depth; k++) {
        memset(panels + k * width + used, 0, (width - used) * sizeof(float));
      }
    }
    panels += depth * width;
  }
}

// Adds the terms of one depth to the sums of a tile. `lower` is 3 rows below `upper`: an address of
// x86 reaches a pointer plus no, one or two strides, so six rows need two pointers.
INLINE void add_terms(
  vector sums[TILE_ROWS][PANEL_VECTORS], const float *upper, const float *lower, size_t row_stride,
  const float *panel, int rows, int vectors) {
  vector b[PANEL_VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) b[v] = load(panel + v * LANES);
  UNROLL for (int r = 0; r < rows; r++) {
    float element = r < 3 ? upper[r * row_stride] : lower[(r - 3) * row_stride];
    UNROLL for (int v = 0; v < vectors; v++) {
      sums[r][v] = fused(splat(element), b[v], sums[r][v]);
    }
  }
}

// One tile of c. `rows`, `vectors` and `depth_stride` are constants where this is inlined. Element
// (r, k) of a is a[r * row_stride + k * depth_stride]; the last vector has `last_lanes` columns of
// c. Four depths at a time need a quarter fewer instructions than one by one, which matters where
// another hardware thread uses the same core.
INLINE void tile(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t row_stride, size_t depth_stride, const float *panel, size_t depth, int rows, int vectors,
  size_t last_lanes) {
  vector sums[TILE_ROWS][PANEL_VECTORS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      size_t used = v + 1 < vectors ? LANES : last_lanes;
      sums[r][v] =
        initial ? load_used(initial + r * initial_stride + v * LANES, used) : splat(0);
    }
  }
  const float *lower = a + 3 * row_stride;
  size_t width = vectors * LANES;
  for (size_t fours = depth / 4; fours > 0; fours--) {
    __asm__("" : "+r"(lower));  // keeps it in a register, instead of computing it for each depth
    UNROLL for (int n = 0; n < 4; n++) {
      add_terms(
        sums, a + n * depth_stride, lower + n * depth_stride, row_stride, panel + n * width, rows,
        vectors);
    }
    a += 4 * depth_stride;
    lower += 4 * depth_stride;
    panel += 4 * width;
  }
  for (size_t rest = depth % 4; rest > 0; rest--) {
    add_terms(sums, a, lower, row_stride, panel, rows, vectors);
    a += depth_stride;
    lower += depth_stride;
    panel += width;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      store_used(c + r * c_stride + v * LANES, sums[r][v], v + 1 < vectors ? LANES : last_lanes);
    }
  }
}

// tile() for up to TILE_ROWS rows and up to PANEL_WIDTH columns.
INLINE void any_tile(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t row_stride, size_t depth_stride, const float *panel, size_t depth, size_t rows,
  size_t columns) {
  size_t vectors = round_up(columns, LANES) / LANES;
  size_t last_lanes = columns - (vectors - 1) * LANES;
#define TILE(R, N)                                                                                 \
  case (R) * 8 + (N):                                                                              \
    tile(                                                                                          \
      c, c_stride, initial, initial_stride, a, row_stride, depth_stride, panel, depth, R,          \
      N, last_lanes);                                                                              \
    break;
#if PANEL_VECTORS == 4
#define TILES(R) TILE(R, 1) TILE(R, 2) TILE(R, 3) TILE(R, 4)
#else
#define TILES(R) TILE(R, 1) TILE(R, 2)
#endif
  switch (rows * 8 + vectors) { TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6) }
#undef TILES
#undef TILE
}

// A tile whose rows of a are stored one after another.
static void tile_of_rows(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const float *panel, size_t depth, size_t rows, size_t columns) {
  any_tile(
    c, c_stride, initial, initial_stride, a, a_stride, 1, panel, depth, rows, columns);
}

// A tile whose rows are columns of a, as gather_columns stores them; it is added to c.
static void tile_of_columns(
  float *c, size_t c_stride, const float *columns_of_a, const float *panel, size_t depth,
  size_t rows, size_t columns) {
  any_tile(
    c, c_stride, c, c_stride, columns_of_a, 1, TILE_ROWS, panel, depth, rows, columns);
}

// One row times four complete panels at once: a single tile has too few sums to hide their latency.
static void row_by_four_panels(
  float *c, const float *initial, const float *a, const float *panels, size_t depth) {
  vector sums[4 * PANEL_VECTORS];
  UNROLL for (int v = 0; v < 4 * PANEL_VECTORS; v++) {
    sums[v] = initial ? load(initial + v * LANES) : splat(0);
  }
  for (size_t k = 0; k < depth; k++) {
    float element = a[k];
    UNROLL for (int p = 0; p < 4; p++) {
      const float *row = panels + (p * depth + k) * PANEL_WIDTH;
      UNROLL for (int v = 0; v < PANEL_VECTORS; v++) {
        vector *sum = &sums[p * PANEL_VECTORS + v];
        *sum = fused(splat(element), load(row + v * LANES), *sum);
      }
    }
  }
  UNROLL for (int v = 0; v < 4 * PANEL_VECTORS; v++) store(c + v * LANES, sums[v]);
}

// `pointer + count`, or NULL for NULL.
INLINE const float *advanced(const float *pointer, size_t count) {
  return pointer ? pointer + count : NULL;
}

// Prefetches a tile of c while the previous one is computed.
static void prefetch_tile(const float *c, size_t c_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t n = 0; n < columns; n += LINE_FLOATS) __builtin_prefetch(c + r * c_stride + n, 1);
  }
}

// One panel's columns of a block of rows.
static void multiply_panel(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const float *panel, size_t rows, size_t depth, size_t columns) {
  size_t tiles = round_up(rows, TILE_ROWS) / TILE_ROWS;
  for (size_t t = 0; t < tiles; t++) {
    size_t begin = rows * t / tiles, end = rows * (t + 1) / tiles;
    if (t + 1 < tiles) {
      prefetch_tile(c + end * c_stride, c_stride, rows * (t + 2) / tiles - end, columns);
    }
    tile_of_rows(
      c + begin * c_stride, c_stride, advanced(initial, begin * initial_stride), initial_stride,
      a + begin * a_stride, a_stride, panel, depth, end - begin, columns);
  }
}

static void multiply(
  float *c, size_t c_stride, const float *initial, size_t initial_stride, const float *a,
  size_t a_stride, const float *panels, size_t rows, size_t depth, size_t columns, bool from_end) {
  size_t first = 0;
  if (rows == 1) {
    for (; first + 4 * PANEL_WIDTH <= columns; first += 4 * PANEL_WIDTH) {
      row_by_four_panels(c + first, advanced(initial, first), a, panels + first * depth, depth);
    }
  }
  size_t count = (round_up(columns, PANEL_WIDTH) - first) / PANEL_WIDTH;
  // A block of rows stays in the cache while all panels pass over it.
  for (size_t top = 0; top < rows; top += BLOCK_ROWS) {
    for (size_t number = 0; number < count; number++) {
      size_t n = first + (from_end ? count - 1 - number : number) * PANEL_WIDTH;
      multiply_panel(
        c + top * c_stride + n, c_stride, advanced(initial, top * initial_stride + n),
        initial_stride, a + top * a_stride, a_stride, panels + n * depth,
        smaller(BLOCK_ROWS, rows - top), depth, smaller(PANEL_WIDTH, columns - n));
    }
  }
}

static size_t transposed_scratch_count(size_t columns) {
  return BLOCK_DEPTH * (GROUP_ROWS + round_up(columns, LANES));
}

// Copies a complete group of columns, whose sums stay in registers.
static void gather_group(
  float *destination, const float *source, size_t stride, size_t depth, float *sums) {
  vector totals[GROUP_ROWS / LANES];
  UNROLL for (int v = 0; v < GROUP_ROWS / LANES; v++) {
    totals[v] = sums ? load(sums + v * LANES) : splat(0);
  }
  for (size_t k = 0; k < depth; k++) {
    const float *from = source + k * stride;
    UNROLL for (int r = 0; r < GROUP_ROWS; r += LINE_FLOATS) {
      __builtin_prefetch(from + ROWS_AHEAD * stride + r);
    }
    UNROLL for (int r = 0; r < GROUP_ROWS; r += TILE_ROWS) {
      memcpy(destination + r * depth + k * TILE_ROWS, from + r, TILE_ROWS * sizeof(float));
    }
    UNROLL for (int v = 0; v < GROUP_ROWS / LANES; v++) totals[v] += load(from + v * LANES);
  }
  if (!sums) return;
  UNROLL for (int v = 0; v < GROUP_ROWS / LANES; v++) store(sums + v * LANES, totals[v]);
}

// Copies `width` <= GROUP_ROWS columns of a, TILE_ROWS at a time next to each other, and adds the
// sum of each to `sums` unless that is NULL. Rows of a are often a page or more apart, where
// hardware does not prefetch.
static void gather_columns(
  float *destination, const float *source, size_t stride, size_t depth, size_t width, float *sums) {
  if (width == GROUP_ROWS) {
    gather_group(destination, source, stride, depth, sums);
    return;
  }
  for (size_t k = 0; k < depth; k++) {
    for (size_t r = 0; r < width; r += TILE_ROWS) {
      memcpy(
        destination + r * depth + k * TILE_ROWS, source + k * stride + r,
        smaller(TILE_ROWS, width - r) * sizeof(float));
    }
  }
  if (sums) add_column_sums(sums, source, depth, stride, 0, width);
}

// c += a' b for `rows` <= GROUP_ROWS rows: `columns_of_a` is the result of gather_columns, b is
// packed.
static void multiply_group(
  float *c, size_t c_stride, const float *columns_of_a, const float *panels, size_t depth,
  size_t rows, size_t columns) {
  for (size_t first = 0; first < columns; first += PANEL_WIDTH) {
    size_t width = smaller(PANEL_WIDTH, columns - first);
    for (size_t r = 0; r < rows; r += TILE_ROWS) {
      size_t height = smaller(TILE_ROWS, rows - r);
      float *corner = c + r * c_stride + first;
      prefetch_tile(
        corner + height * c_stride, c_stride, smaller(TILE_ROWS, rows - r - height), width);
      tile_of_columns(
        corner, c_stride, columns_of_a + r * depth, panels + first * depth, depth, height, width);
    }
  }
}

static void accumulate_transposed(
  float *c, size_t c_stride, const float *a, size_t a_stride, const float *b, size_t b_stride,
  size_t depth, size_t row_begin, size_t row_end, size_t columns, float *sums, float *scratch) {
  float *columns_of_a = scratch + BLOCK_DEPTH * round_up(columns, LANES);
  for (size_t k = 0; k < depth; k += BLOCK_DEPTH) {
    size_t block_depth = smaller(BLOCK_DEPTH, depth - k);
    pack(scratch, b + k * b_stride, block_depth, columns, b_stride, 1);
    for (size_t group = row_begin; group < row_end; group += GROUP_ROWS) {
      size_t rows = smaller(GROUP_ROWS, row_end - group);
      gather_columns(
        columns_of_a, a + k * a_stride + group, a_stride, block_depth, rows,
        sums ? sums + group : NULL);
      multiply_group(
        c + group * c_stride, c_stride, columns_of_a, scratch, block_depth, rows, columns);
    }
  }
}
