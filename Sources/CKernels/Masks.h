// Random masks: each number is a hash of a counter, so every lane draws its own. The numbers are
// those of SplitMix64 (Steele, Lea & Flood 2014), whatever LANES is.

typedef uint64_t hash_vector __attribute__((vector_size(4 * LANES)));  // LANES / 2 numbers
typedef uint32_t half_vector __attribute__((vector_size(4 * LANES)));

INLINE hash_vector mix(hash_vector z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static void draw_mask(
  float *mask, size_t count, uint64_t state, uint32_t threshold, float scale) {
  const uint64_t gamma = 0x9E3779B97F4A7C15u;
  hash_vector counter;
  for (size_t k = 0; k < LANES / 2; k++) counter[k] = state + (k + 1) * gamma;
  FOR_EACH_VECTOR(count, {
    int_vector is_dropped = (int_vector)((half_vector)mix(counter) < threshold);
    store_used(mask + at, blend(is_dropped, splat(0), splat(scale)), used);
    counter += gamma * (LANES / 2);
  });
}
