// Vectors of LANES floats, loads and stores of any address and of partial vectors, and the functions of
// the gates. Stated errors are checked against double precision by VectorFunctionTests.

typedef float vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t int_vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef double double_vector __attribute__((vector_size(8 * LANES)));

INLINE vector load(const float *p) { return *(const vector *)p; }
INLINE void store(float *p, vector v) { *(vector *)p = v; }
INLINE vector splat(float x) { return x - (vector){0}; }

// The first `count` < LANES floats at p, and `fill` in the lanes behind.
INLINE vector load_partial(const float *p, size_t count, float fill) {
  vector v = splat(fill);
  memcpy(&v, p, count * sizeof(float));
  return v;
}

INLINE void store_partial(float *p, vector v, size_t count) { memcpy(p, &v, count * sizeof(float)); }

INLINE vector blend(int_vector condition, vector yes, vector no) {
  return (vector)((condition & (int_vector)yes) | (~condition & (int_vector)no));
}
// Where x is not a number, so is the result.
INLINE vector at_least(vector x, float low) { return blend(x < low, splat(low), x); }
INLINE vector at_most(vector x, float high) { return blend(x > high, splat(high), x); }

// exp(x) - 1 = 2^n * (1 + remainder) - 1, with x = n ln 2 + r and |r| <= ln(2) / 2: the remainder e^r - 1
// from its Taylor series to r^7, whose rest is below 2^-27 relative to it.
INLINE vector exponential_parts(vector x, vector *power) {
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  vector shifted = x * 1.44269504088896341f + magic;
  vector n = shifted - magic;
  vector r = x - n * 0.693359375f;
  r = r + n * 2.12194440054690583e-4f;
  *power = (vector)(((int_vector)shifted + 127) << 23);
  vector p = splat(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  return r + r * r * p;
}

// e^x within 2 ulp for x in [-87, 88]; clamped outside.
INLINE vector exp_vector(vector x) {
  vector power;
  vector remainder = exponential_parts(at_most(at_least(x, -87.0f), 88.0f), &power);
  return power + power * remainder;
}

// 1 / (1 + e^-x) within 4 ulp for x in [-87, 87].
INLINE vector sigmoid_vector(vector x) { return 1.0f / (1.0f + exp_vector(-x)); }

INLINE vector tanh_numerator(vector x) {
  vector power;
  vector remainder = exponential_parts(at_most(at_least(2 * x, -20.0f), 20.0f), &power);
  return (power - 1.0f) + power * remainder;
}

// tanh x = (e^2x - 1) / (e^2x + 1), through e^2x - 1 so that small x keep their digits; within 4 ulp.
INLINE vector tanh_vector(vector x) {
  vector less_one = tanh_numerator(x);
  return less_one / (less_one + 2.0f);
}

// Two quotients for one division, which is what gates spend most of their time on.
INLINE void divide_pair(
  vector numerators[2], vector denominators[2], vector *first, vector *second) {
  vector reciprocal = 1.0f / (denominators[0] * denominators[1]);
  *first = numerators[0] * denominators[1] * reciprocal;
  *second = numerators[1] * denominators[0] * reciprocal;
}

// 1 + e^-x, at most 5e18, so that products of two are finite: beyond x = -43 a sigmoid stays at 2e-19.
INLINE vector sigmoid_denominator(vector x) { return 1.0f + exp_vector(-at_least(x, -43.0f)); }

// sigmoid x and sigmoid y, as sigmoid_vector but for 2 ulp.
INLINE void sigmoid_pair(vector x, vector y, vector *sigmoid_x, vector *sigmoid_y) {
  vector ones[2] = {splat(1), splat(1)};
  vector denominators[2] = {sigmoid_denominator(x), sigmoid_denominator(y)};
  divide_pair(ones, denominators, sigmoid_x, sigmoid_y);
}

// tanh x and sigmoid y, as tanh_vector and sigmoid_vector but for 2 ulp.
INLINE void tanh_sigmoid_pair(vector x, vector y, vector *tanh_x, vector *sigmoid_y) {
  vector less_one = tanh_numerator(x);
  vector numerators[2] = {less_one, splat(1)};
  vector denominators[2] = {less_one + 2.0f, sigmoid_denominator(y)};
  divide_pair(numerators, denominators, tanh_x, sigmoid_y);
}

#define MAP(name, function)                                                  \
  static void name(float *destination, const float *source, size_t count) { \
    size_t i = 0;                                                            \
    for (; i + LANES <= count; i += LANES)                                   \
      store(destination + i, function(load(source + i)));                    \
    if (i < count)                                                           \
      store_partial(                                                         \
        destination + i, function(load_partial(source + i, count - i, 0)), count - i); \
  }
MAP(exponential, exp_vector)
MAP(sigmoid, sigmoid_vector)
MAP(hyperbolic_tangent, tanh_vector)
