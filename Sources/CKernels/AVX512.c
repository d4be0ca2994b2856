// Sixteen lanes and 32 registers: x86-64 servers since 2017.
#include "Prelude.h"

#if defined(__x86_64__)

#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define LANES 16
#define PANEL_VECTORS 4
#define FUSES 1
#include "KernelBodies.h"
#pragma clang attribute pop

const charlm_kernels *charlm_kernels_avx512(void) {
  bool supported = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("fma");
  return supported ? &table : NULL;
}

#else

const charlm_kernels *charlm_kernels_avx512(void) { return NULL; }

#endif
