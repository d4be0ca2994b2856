// Passes over all parameters: each optimizer reads and writes parameters, gradients, moments and the
// average once.

INLINE vector square_root(vector v) {
#if __has_builtin(__builtin_elementwise_sqrt)
  return __builtin_elementwise_sqrt(v);
#else
  for (int lane = 0; lane < LANES; lane++) v[lane] = sqrtf(v[lane]);
  return v;
#endif
}

INLINE vector sign(vector v) {
  return blend(v > 0, splat(1), blend(v < 0, splat(-1), splat(0)));
}

// An optimizer's own rule: p, from the gradient g after clipping and decay, and up to two moments.
typedef void update_rule(vector *p, vector g, vector *first, vector *second, charlm_update_step step);

INLINE void sgd_rule(vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
#pragma clang fp contract(fast)
  *p -= step.learning_rate * g;
}

INLINE void momentum_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
#pragma clang fp contract(fast)
  *first = step.decay1 * *first + g;
  *p -= step.learning_rate * *first;
}

INLINE void nesterov_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
#pragma clang fp contract(fast)
  *first = step.decay1 * *first + g;
  *p -= step.learning_rate * (g + step.decay1 * *first);
}

INLINE void rmsprop_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
#pragma clang fp contract(fast)
  *first = step.decay2 * *first + step.share2 * (g * g);
  *p -= step.learning_rate * (g / (square_root(*first) + step.epsilon));
}

INLINE void rmsprop_momentum_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
#pragma clang fp contract(fast)
  *first = step.decay2 * *first + step.share2 * (g * g);
  *second = step.decay1 * *second + g / (square_root(*first) + step.epsilon);
  *p -= step.learning_rate * *second;
}

INLINE void adagrad_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
#pragma clang fp contract(fast)
  *first += g * g;
  *p -= step.learning_rate * (g / (square_root(*first) + step.epsilon));
}

INLINE void adam_rule(vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
#pragma clang fp contract(fast)
  *first = step.decay1 * *first + step.share1 * g;
  *second = step.decay2 * *second + step.share2 * (g * g);
  vector root = square_root(*second / step.bias_correction2) + step.epsilon;
  *p -= step.learning_rate / step.bias_correction1 * *first / root;
}

// The first `width` <= LANES floats at p.
INLINE vector load_width(const float *p, size_t width) {
  return width == LANES ? load(p) : load_partial(p, width, 0);
}
INLINE void store_width(float *p, vector v, size_t width) {
  if (width == LANES) store(p, v);
  else store_partial(p, v, width);
}

// The `width` parameters from number i on.
INLINE void update_lanes(
  charlm_update_buffers buffers, size_t i, size_t width, charlm_update_step step, int moment_count,
  update_rule *rule) {
#pragma clang fp contract(fast)
  vector p = load_width(buffers.parameters + i, width);
  vector first = {0}, second = {0};
  if (moment_count > 0) first = load_width(buffers.first_moments + i, width);
  if (moment_count > 1) second = load_width(buffers.second_moments + i, width);
  vector g = step.gradient_scale * load_width(buffers.gradients + i, width);
  g = at_most(at_least(g, -step.clip_value), step.clip_value);
  vector direction = sign(p);
  g += step.weight_decay * p + step.l1 * direction;
  p -= step.decoupled_weight_decay * p + step.decoupled_l1 * direction;
  rule(&p, g, &first, &second, step);
  store_width(buffers.parameters + i, p, width);
  if (moment_count > 0) store_width(buffers.first_moments + i, first, width);
  if (moment_count > 1) store_width(buffers.second_moments + i, second, width);
  if (buffers.averages) {
    vector average = load_width(buffers.averages + i, width);
    average += step.average_share * (p - average);
    store_width(buffers.averages + i, average, width);
  }
}

INLINE void update_all(
  charlm_update_buffers buffers, size_t count, charlm_update_step step, int moment_count,
  update_rule *rule) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    update_lanes(buffers, i, LANES, step, moment_count, rule);
  if (i < count) update_lanes(buffers, i, count - i, step, moment_count, rule);
}

#define OPTIMIZER(name, moment_count)                                                     \
  static void name(charlm_update_buffers buffers, size_t count, charlm_update_step step) { \
    update_all(buffers, count, step, moment_count, name##_rule);                          \
  }
OPTIMIZER(sgd, 0)
OPTIMIZER(momentum, 1)
OPTIMIZER(nesterov, 1)
OPTIMIZER(rmsprop, 1)
OPTIMIZER(rmsprop_momentum, 2)
OPTIMIZER(adagrad, 1)
OPTIMIZER(adam, 2)
#undef OPTIMIZER

// The `width` parameters from number i on.
INLINE void adapt_lanes(
  charlm_adaptation_buffers buffers, size_t i, size_t width, charlm_adaptation_step step) {
#pragma clang fp contract(fast)
  vector p = load_width(buffers.parameters + i, width);
  vector trained = load_width(buffers.trained + i, width);
  vector root = load_width(buffers.roots + i, width);
  vector quotient = load_width(buffers.gradients + i, width) / (root + step.epsilon);
  p += at_most(step.decay * root, 1) * (trained - p) - step.learning_rate * quotient;
  store_width(buffers.parameters + i, p, width);
}

static void adapt(charlm_adaptation_buffers buffers, size_t count, charlm_adaptation_step step) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) adapt_lanes(buffers, i, LANES, step);
  if (i < count) adapt_lanes(buffers, i, count - i, step);
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
