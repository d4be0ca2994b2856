// Included by every instruction set's file before it changes the compiler's target.
#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "CKernels.h"

// Which multiplications are fused with an addition is written out (fused() in Vectors.h), so that another compiler
// gives the same bits.
#pragma clang fp contract(off)

// Inlined even in debug builds, so that sizes passed as constants unroll loops over registers.
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
INLINE size_t round_up(size_t value, size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}
