// Dynamic evaluation's pass over all parameters.

static void adapt(
  float *parameters, const float *gradients, const float *trained, const float *roots, size_t count,
  float learning_rate, float epsilon, float decay) {
  FOR_EACH_VECTOR(count, {
    vector p = load_used(parameters + at, used);
    vector root = load_used(roots + at, used);
    vector quotient = load_used(gradients + at, used) / (root + epsilon);
    vector difference = load_used(trained + at, used) - p;
    p = fused(splat(-learning_rate), quotient, p);
    store_used(parameters + at, fused(at_most(decay * root, 1), difference, p), used);
  });
}
