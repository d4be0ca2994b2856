// Vectors of LANES floats, loads and stores at any address and of partial vectors, and the
// functions of the gates. VectorFunctionTests checks the stated errors against double precision.

typedef float vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t int_vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef double double_vector __attribute__((vector_size(8 * LANES)));

INLINE vector load(const float *p) { return *(const vector *)p; }
INLINE void store(float *p, vector v) { *(vector *)p = v; }
INLINE vector splat(float x) { return x - (vector){0}; }

// a b + c: rounded once if the instruction set has fused multiply-adds, else twice.
#if FUSES
INLINE vector fused(vector a, vector b, vector c) { return __builtin_elementwise_fma(a, b, c); }
#else
INLINE vector fused(vector a, vector b, vector c) { return a * b + c; }
#endif

// The first `count` < LANES floats at p, and `fill` in the remaining lanes.
INLINE vector load_partial(const float *p, size_t count, float fill) {
  vector v = splat(fill);
  memcpy(&v, p, count * sizeof(float));
  return v;
}

INLINE void store_partial(float *p, vector v, size_t count) {
  memcpy(p, &v, count * sizeof(float));
}

// The same for `used` <= LANES floats. If `used` is the constant LANES, these are plain loads and
// stores.
INLINE vector load_used(const float *p, size_t used) {
  return used == LANES ? load(p) : load_partial(p, used, 0);
}

INLINE void store_used(float *p, vector v, size_t used) {
  if (used == LANES) {
    store(p, v);
  } else {
    store_partial(p, v, used);
  }
}

// Runs a statement for each vector of `count` floats: the vector begins at index `at` and has
// `used` floats.
#define FOR_EACH_VECTOR(count, ...)            \
  do {                                         \
    size_t at = 0;                             \
    for (; at + LANES <= (count); at += LANES) { \
      const size_t used = LANES;               \
      __VA_ARGS__;                             \
    }                                          \
    if (at < (count)) {                        \
      const size_t used = (count)-at;          \
      __VA_ARGS__;                             \
    }                                          \
  } while (0)

INLINE double sum_of_lanes(vector v) {
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += v[lane];
  return sum;
}

INLINE vector blend(int_vector condition, vector yes, vector no) {
  return (vector)((condition & (int_vector)yes) | (~condition & (int_vector)no));
}
// NaN stays NaN.
INLINE vector at_least(vector x, float low) { return blend(x < low, splat(low), x); }
INLINE vector at_most(vector x, float high) { return blend(x > high, splat(high), x); }

// e^y - 1 = 2^n * (1 + remainder) - 1, with y = sign * x = n ln 2 + r and |r| <= ln(2) / 2. The
// remainder e^r - 1 is r + r^2 q(r), where q is the polynomial of degree 4 with the least maximum
// error relative to e^r - 1: 2^-26. `sign`, 1 or -1, is a constant and costs no operation.
INLINE vector exponential_parts(vector x, float sign, vector *power) {
  // 1.5 * 2^23 + 127: adding it rounds to an integer in the low bits, which are then an exponent's
  // bits.
  const float magic = 12583039.0f;
  vector shifted = fused(x, splat(sign * 1.44269504088896341f), splat(magic));
  vector n = shifted - magic;
  *power = (vector)((int_vector)shifted << 23);
  // s = sign * r
  vector s = fused(n, splat(-sign * 0.693359375f), x);
  s = fused(n, splat(sign * 2.12194440054690583e-4f), s);
  vector q = fused(s, splat(1.38825167e-3f), splat(sign * 8.36654752e-3f));
  q = fused(q, s, splat(4.16672006e-2f));
  q = fused(q, s, splat(sign * 1.66665435e-1f));
  q = fused(q, s, splat(4.9999997e-1f));
  return sign * s + s * s * q;
}

// e^x within 2 ulp for x in [-87, 88]; clamped outside.
INLINE vector exp_vector(vector x) {
  vector power;
  vector remainder = exponential_parts(at_most(at_least(x, -87.0f), 88.0f), 1, &power);
  return fused(power, remainder, power);
}

// 1 + e^-x for x in [lowest, 87]; clamped outside.
INLINE vector sigmoid_denominator(vector x, float lowest) {
  vector power;
  vector remainder = exponential_parts(at_most(at_least(x, lowest), 87.0f), -1, &power);
  return 1.0f + fused(power, remainder, power);
}

// 1 / (1 + e^-x) within 4 ulp for x in [-87, 87].
INLINE vector sigmoid_vector(vector x) { return 1.0f / sigmoid_denominator(x, -88.0f); }

INLINE vector tanh_numerator(vector x) {
  vector power;
  vector remainder = exponential_parts(at_most(at_least(2 * x, -20.0f), 20.0f), 1, &power);
  return fused(power, remainder, power - 1.0f);
}

// tanh x = (e^2x - 1) / (e^2x + 1) within 4 ulp; by e^2x - 1, so that small x keep their digits.
INLINE vector tanh_vector(vector x) {
  vector less_one = tanh_numerator(x);
  return less_one / (less_one + 2.0f);
}

// The derivative of tanh, from its value: 1 - y^2.
INLINE vector tanh_slope(vector y) { return fused(-y, y, splat(1)); }

// Two quotients by one division.
INLINE void divide_pair(
  vector numerators[2], vector denominators[2], vector *first, vector *second) {
  vector reciprocal = 1.0f / (denominators[0] * denominators[1]);
  *first = numerators[0] * denominators[1] * reciprocal;
  *second = numerators[1] * denominators[0] * reciprocal;
}

// Keeps denominators below 5e18, so that the product of two is finite: below x = -43 a sigmoid
// stays at 2e-19.
#define LOWEST_OF_PAIR -43.0f

// sigmoid x and sigmoid y, within 2 ulp of sigmoid_vector.
INLINE void sigmoid_pair(vector x, vector y, vector *sigmoid_x, vector *sigmoid_y) {
  vector ones[2] = {splat(1), splat(1)};
  vector denominators[2] = {
    sigmoid_denominator(x, LOWEST_OF_PAIR), sigmoid_denominator(y, LOWEST_OF_PAIR)};
  divide_pair(ones, denominators, sigmoid_x, sigmoid_y);
}

// The same for `used` floats at x and at y, in place.
INLINE void sigmoid_pair_in_place(float *x, float *y, size_t used) {
  vector sigmoid_x, sigmoid_y;
  sigmoid_pair(load_used(x, used), load_used(y, used), &sigmoid_x, &sigmoid_y);
  store_used(x, sigmoid_x, used);
  store_used(y, sigmoid_y, used);
}

// tanh x and sigmoid y, within 2 ulp of tanh_vector and sigmoid_vector.
INLINE void tanh_sigmoid_pair(vector x, vector y, vector *tanh_x, vector *sigmoid_y) {
  vector less_one = tanh_numerator(x);
  vector numerators[2] = {less_one, splat(1)};
  vector denominators[2] = {less_one + 2.0f, sigmoid_denominator(y, LOWEST_OF_PAIR)};
  divide_pair(numerators, denominators, tanh_x, sigmoid_y);
}

#define MAP(name, function)                                                                \
  static void name(float *destination, const float *source, size_t count) {                \
    FOR_EACH_VECTOR(                                                                        \
      count, store_used(destination + at, function(load_used(source + at, used)), used));   \
  }
MAP(exponential, exp_vector)
MAP(sigmoid, sigmoid_vector)
MAP(hyperbolic_tangent, tanh_vector)
