// Sixteen lanes and 32 registers: x86-64 servers since 2017.
//
// If CHARLM_EMULATE_AVX512 is defined, for tests on processors without AVX-512, the same code is
// compiled for AVX2, with two registers for each vector: the same bits, slowly.
#include "Prelude.h"

#if defined(__x86_64__)

#if defined(CHARLM_EMULATE_AVX512)
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#endif
#define LANES 16
#define PANEL_VECTORS 4
#define FUSES 1
#include "KernelBodies.h"
#pragma clang attribute pop

const charlm_kernels *charlm_kernels_avx512(void) {
#if defined(CHARLM_EMULATE_AVX512)
  return charlm_kernels_avx2() ? &table : NULL;
#else
  bool supported = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("fma");
  return supported ? &table : NULL;
#endif
}

#else

const charlm_kernels *charlm_kernels_avx512(void) { return NULL; }

#endif
