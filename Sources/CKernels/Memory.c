#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

#include "CKernels.h"

enum { CACHE_LINE = 64, HUGE_PAGE = 1 << 21 };

void *charlm_allocate(size_t byte_count) {
  size_t alignment = byte_count >= HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
  void *memory;
  if (posix_memalign(&memory, alignment, byte_count) != 0) abort();
#ifdef MADV_HUGEPAGE
  // Complete huge pages only, so that no memory is taken beyond what was asked for.
  if (alignment == HUGE_PAGE) {
    madvise(memory, byte_count / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
  }
#endif
  return memory;
}

void charlm_free(void *memory) { free(memory); }
