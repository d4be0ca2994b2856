// Passes over all parameters.

INLINE vector square_root(vector v) {
#if __has_builtin(__builtin_elementwise_sqrt)
  return __builtin_elementwise_sqrt(v);
#else
  for (int lane = 0; lane < LANES; lane++) v[lane] = sqrtf(v[lane]);
  return v;
#endif
}

INLINE void adam_lanes(vector *p, vector g, vector *m, vector *v, charlm_adam_step step) {
#pragma clang fp contract(fast)
  g *= step.gradient_scale;
  *m = step.beta1 * *m + (1 - step.beta1) * g;
  *v = step.beta2 * *v + (1 - step.beta2) * (g * g);
  vector root = square_root(*v / step.bias_correction2) + step.epsilon;
  *p -= step.learning_rate / step.bias_correction1 * *m / root;
}

static void adam(
  float *parameters, const float *gradients, float *first_moments, float *second_moments,
  size_t count, charlm_adam_step step) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector p = load(parameters + i), m = load(first_moments + i), v = load(second_moments + i);
    adam_lanes(&p, load(gradients + i), &m, &v, step);
    store(parameters + i, p);
    store(first_moments + i, m);
    store(second_moments + i, v);
  }
  if (i == count) return;
  size_t rest = count - i;
  vector p = load_partial(parameters + i, rest, 0), m = load_partial(first_moments + i, rest, 0),
         v = load_partial(second_moments + i, rest, 0);
  adam_lanes(&p, load_partial(gradients + i, rest, 0), &m, &v, step);
  store_partial(parameters + i, p, rest);
  store_partial(first_moments + i, m, rest);
  store_partial(second_moments + i, v, rest);
}

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
