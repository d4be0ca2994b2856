// Matrix products over register tiles of at most TILE_ROWS x PANEL_WIDTH accumulators.
//
// The tile follows Goto & van de Geijn 2008 (Anatomy of high-performance matrix multiplication) and the
// BLIS micro-kernel: one packed row of B is loaded, one element of each row of A is broadcast.

#define PANEL_WIDTH (LANES * PANEL_VECTORS)
#define TILE_ROWS 6
// Rows of A' (columns of the stored a) packed at once, and how deep a block is: a packed panel of this depth
// stays in the first-level cache while a group of strips passes over it.
#define GROUP_STRIPS 8
#define BLOCK_DEPTH 128

static size_t packed_count(size_t depth, size_t columns) { return depth * round_up(columns, LANES); }

static void pack(
  float *panels, const float *source, size_t depth, size_t columns, size_t depth_stride,
  size_t column_stride) {
  for (size_t first = 0; first < columns; first += PANEL_WIDTH) {
    size_t used = smaller(PANEL_WIDTH, columns - first);
    size_t width = round_up(used, LANES);
    const float *corner = source + first * column_stride;
    for (size_t k = 0; k < depth; k++) {
      float *row = panels + k * width;
      if (column_stride == 1) {
        memcpy(row, corner + k * depth_stride, used * sizeof(float));
      } else {
        for (size_t n = 0; n < used; n++) row[n] = corner[k * depth_stride + n * column_stride];
      }
      memset(row + used, 0, (width - used) * sizeof(float));
    }
    panels += depth * width;
  }
}

// One tile of c; `rows` and `vectors` are constants where this is inlined. a's element (r, k) is
// a[r * row_stride + k * depth_stride]; the last vector has `last_lanes` columns of c.
INLINE void tile(
  float *c, size_t c_stride, const float *a, size_t row_stride, size_t depth_stride,
  const float *panel, size_t depth, int rows, int vectors, size_t last_lanes, bool accumulate) {
#pragma clang fp contract(fast)
  vector sums[TILE_ROWS][PANEL_VECTORS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *from = c + r * c_stride + v * LANES;
      sums[r][v] = !accumulate                                ? splat(0)
                   : v + 1 < vectors || last_lanes == LANES ? load(from)
                                                              : load_partial(from, last_lanes, 0);
    }
  }
  for (size_t k = 0; k < depth; k++) {
    vector b[PANEL_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) b[v] = load(panel + v * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      float element = a[r * row_stride];
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] += element * b[v];
    }
    panel += vectors * LANES;
    a += depth_stride;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      float *to = c + r * c_stride + v * LANES;
      if (v + 1 < vectors || last_lanes == LANES) {
        store(to, sums[r][v]);
      } else {
        store_partial(to, sums[r][v], last_lanes);
      }
    }
  }
}

// tile() for any number of rows up to TILE_ROWS and of columns up to PANEL_WIDTH.
static void any_tile(
  float *c, size_t c_stride, const float *a, size_t row_stride, size_t depth_stride,
  const float *panel, size_t depth, size_t rows, size_t columns, bool accumulate) {
  size_t vectors = round_up(columns, LANES) / LANES;
  size_t last_lanes = columns - (vectors - 1) * LANES;
#define TILE(R, N)                                                                                 \
  case (R) * 8 + (N):                                                                              \
    tile(c, c_stride, a, row_stride, depth_stride, panel, depth, R, N, last_lanes, accumulate);    \
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

// One row times four whole panels at once: a single tile has too few sums to hide their latency.
static void row_by_four_panels(
  float *c, const float *a, const float *panels, size_t depth, bool accumulate) {
#pragma clang fp contract(fast)
  vector sums[4 * PANEL_VECTORS];
  UNROLL for (int v = 0; v < 4 * PANEL_VECTORS; v++) {
    sums[v] = accumulate ? load(c + v * LANES) : splat(0);
  }
  for (size_t k = 0; k < depth; k++) {
    float element = a[k];
    UNROLL for (int p = 0; p < 4; p++) {
      const float *row = panels + (p * depth + k) * PANEL_WIDTH;
      UNROLL for (int v = 0; v < PANEL_VECTORS; v++) {
        sums[p * PANEL_VECTORS + v] += element * load(row + v * LANES);
      }
    }
  }
  UNROLL for (int v = 0; v < 4 * PANEL_VECTORS; v++) store(c + v * LANES, sums[v]);
}

static void multiply(
  float *c, size_t c_stride, const float *a, size_t a_stride, const float *panels, size_t rows,
  size_t depth, size_t columns, bool accumulate) {
  size_t first = 0;
  if (rows == 1) {
    for (; first + 4 * PANEL_WIDTH <= columns; first += 4 * PANEL_WIDTH) {
      row_by_four_panels(c + first, a, panels + first * depth, depth, accumulate);
    }
  }
  size_t tiles = round_up(rows, TILE_ROWS) / TILE_ROWS;
  for (; first < columns; first += PANEL_WIDTH) {
    size_t width = smaller(PANEL_WIDTH, columns - first);
    for (size_t t = 0; t < tiles; t++) {
      size_t begin = rows * t / tiles, end = rows * (t + 1) / tiles;
      any_tile(
        c + begin * c_stride + first, c_stride, a + begin * a_stride, a_stride, 1,
        panels + first * depth, depth, end - begin, width, accumulate);
    }
  }
}

static size_t transposed_scratch_count(size_t columns) {
  return BLOCK_DEPTH * (GROUP_STRIPS * TILE_ROWS + round_up(columns, LANES));
}

static void accumulate_transposed(
  float *c, size_t c_stride, const float *a, size_t a_stride, const float *b, size_t b_stride,
  size_t depth, size_t row_begin, size_t row_end, size_t columns, float *scratch) {
  float *strips = scratch + BLOCK_DEPTH * round_up(columns, LANES);
  for (size_t block = 0; block < depth; block += BLOCK_DEPTH) {
    size_t block_depth = smaller(BLOCK_DEPTH, depth - block);
    pack(scratch, b + block * b_stride, block_depth, columns, b_stride, 1);
    for (size_t group = row_begin; group < row_end; group += GROUP_STRIPS * TILE_ROWS) {
      size_t group_rows = smaller(GROUP_STRIPS * TILE_ROWS, row_end - group);
      for (size_t k = 0; k < block_depth; k++) {
        const float *row = a + (block + k) * a_stride + group;
        for (size_t r = 0; r < group_rows; r += TILE_ROWS) {
          size_t count = smaller(TILE_ROWS, group_rows - r);
          float *to = strips + r * block_depth + k * TILE_ROWS;
          if (count == TILE_ROWS) {
            memcpy(to, row + r, TILE_ROWS * sizeof(float));
          } else {
            memcpy(to, row + r, count * sizeof(float));
          }
        }
      }
      for (size_t first = 0; first < columns; first += PANEL_WIDTH) {
        size_t width = smaller(PANEL_WIDTH, columns - first);
        for (size_t r = 0; r < group_rows; r += TILE_ROWS) {
          any_tile(
            c + (group + r) * c_stride + first, c_stride, strips + r * block_depth, 1, TILE_ROWS,
            scratch + first * block_depth, block_depth, smaller(TILE_ROWS, group_rows - r), width,
            true);
        }
      }
    }
  }
}
