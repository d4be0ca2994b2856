// One pass over all parameters for each optimizer: it reads and writes parameters, gradients,
// moments and the average once.
//
// The formulas are written in Kernels/UpdateRule.swift (the rules) and
// Kernels/ParameterUpdate.swift (clipping and decay before them, the average after).

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

// a x + b y
INLINE vector weighted_sum(float a, vector x, float b, vector y) {
  return fused(splat(a), x, b * y);
}

// An optimizer's rule: changes p by the gradient g after clipping and decay, and up to two moments.
typedef void update_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step);

INLINE void sgd_rule(vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
  *p = fused(splat(-step.learning_rate), g, *p);
}

INLINE void momentum_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
  *first = fused(splat(step.decay1), *first, g);
  *p = fused(splat(-step.learning_rate), *first, *p);
}

INLINE void nesterov_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
  *first = fused(splat(step.decay1), *first, g);
  *p = fused(splat(-step.learning_rate), fused(splat(step.decay1), *first, g), *p);
}

INLINE void rmsprop_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
  *first = weighted_sum(step.decay2, *first, step.share2, g * g);
  *p = fused(splat(-step.learning_rate), g / (square_root(*first) + step.epsilon), *p);
}

INLINE void rmsprop_momentum_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
  *first = weighted_sum(step.decay2, *first, step.share2, g * g);
  *second = fused(splat(step.decay1), *second, g / (square_root(*first) + step.epsilon));
  *p = fused(splat(-step.learning_rate), *second, *p);
}

INLINE void adagrad_rule(
  vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
  *first = fused(g, g, *first);
  *p = fused(splat(-step.learning_rate), g / (square_root(*first) + step.epsilon), *p);
}

INLINE void adam_rule(vector *p, vector g, vector *first, vector *second, charlm_update_step step) {
  *first = weighted_sum(step.decay1, *first, step.share1, g);
  *second = weighted_sum(step.decay2, *second, step.share2, g * g);
  vector root = square_root(*second / step.bias_correction2) + step.epsilon;
  *p -= step.learning_rate / step.bias_correction1 * *first / root;
}

// The `used` parameters from number `at` on.
INLINE void update_lanes(
  charlm_update_buffers buffers, size_t at, size_t used, charlm_update_step step, int moment_count,
  update_rule *rule) {
  vector p = load_used(buffers.parameters + at, used);
  vector first = {0}, second = {0};
  if (moment_count > 0) first = load_used(buffers.first_moments + at, used);
  if (moment_count > 1) second = load_used(buffers.second_moments + at, used);
  vector g = step.gradient_scale * load_used(buffers.gradients + at, used);
  g = at_most(at_least(g, -step.clip_value), step.clip_value);
  vector direction = sign(p);
  g += weighted_sum(step.weight_decay, p, step.l1, direction);
  p -= weighted_sum(step.decoupled_weight_decay, p, step.decoupled_l1, direction);
  rule(&p, g, &first, &second, step);
  store_used(buffers.parameters + at, p, used);
  if (moment_count > 0) store_used(buffers.first_moments + at, first, used);
  if (moment_count > 1) store_used(buffers.second_moments + at, second, used);
  if (buffers.averages) {
    vector average = load_used(buffers.averages + at, used);
    store_used(
      buffers.averages + at, fused(splat(step.average_share), p - average, average), used);
  }
}

INLINE void update_all(
  charlm_update_buffers buffers, size_t count, charlm_update_step step, int moment_count,
  update_rule *rule) {
  FOR_EACH_VECTOR(count, update_lanes(buffers, at, used, step, moment_count, rule));
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
