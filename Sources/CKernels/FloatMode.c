#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

uint64_t charlm_flush_denormals(void) {
  uint64_t mode = _mm_getcsr();
  _mm_setcsr((unsigned)mode | 0x8040);  // flush-to-zero, denormals-are-zero
  return mode;
}
void charlm_restore_float_mode(uint64_t mode) { _mm_setcsr((unsigned)mode); }

#elif defined(__aarch64__)

uint64_t charlm_flush_denormals(void) {
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1ull << 24)));
  return mode;
}
void charlm_restore_float_mode(uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }

#else

uint64_t charlm_flush_denormals(void) { return 0; }
void charlm_restore_float_mode(uint64_t mode) { (void)mode; }

#endif
