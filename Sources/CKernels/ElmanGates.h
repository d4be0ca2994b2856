// The element-wise half of a step of an Elman RNN; Products.h has the products before it.

INLINE vector relu_vector(vector x) { return at_least(x, 0.0f); }

// The derivatives, from the functions' values; Vectors.h has that of tanh.
INLINE vector relu_slope(vector y) { return blend(y > 0, splat(1), splat(0)); }
INLINE vector sigmoid_slope(vector y) { return y * (1.0f - y); }

MAP(rectify, relu_vector)
#undef MAP

typedef void scale_by_slope(
  float *destination, const float *hidden, const float *hidden_gradient, size_t count);
#define SCALE_BY(name, slope)                                                              \
  static void name(                                                                        \
    float *destination, const float *hidden, const float *hidden_gradient, size_t count) { \
    FOR_EACH_VECTOR(                                                                       \
      count,                                                                               \
      store_used(                                                                          \
        destination + at,                                                                  \
        load_used(hidden_gradient + at, used) * slope(load_used(hidden + at, used)), used)); \
  }
SCALE_BY(elman_tanh_backward, tanh_slope)
SCALE_BY(elman_relu_backward, relu_slope)
SCALE_BY(elman_sigmoid_backward, sigmoid_slope)
#undef SCALE_BY

static void elman_forward(
  const float *sums, float *hidden, size_t rows, size_t hidden_size, size_t unit_count,
  charlm_activation activation) {
  charlm_map *function = activation == charlm_activation_tanh   ? hyperbolic_tangent
                         : activation == charlm_activation_relu ? rectify
                                                                : sigmoid;
  for (size_t at = 0; at < rows * hidden_size; at += hidden_size) {
    function(hidden + at, sums + at, unit_count);
  }
}

static void elman_backward(
  float *gradient, const float *hidden, const float *hidden_gradient, size_t rows,
  size_t hidden_size, size_t unit_count, charlm_activation activation) {
  scale_by_slope *function = activation == charlm_activation_tanh   ? elman_tanh_backward
                             : activation == charlm_activation_relu ? elman_relu_backward
                                                                    : elman_sigmoid_backward;
  for (size_t at = 0; at < rows * hidden_size; at += hidden_size) {
    function(gradient + at, hidden + at, hidden_gradient + at, unit_count);
  }
}
