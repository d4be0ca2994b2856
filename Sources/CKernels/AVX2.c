// Eight lanes with fused multiply-add: x86-64 since 2013.
#include "Prelude.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define PANEL_VECTORS 2
#define FUSES 1
#include "KernelBodies.h"
#pragma clang attribute pop

const charlm_kernels *charlm_kernels_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}

#else

const charlm_kernels *charlm_kernels_avx2(void) { return NULL; }

#endif
