// Four lanes: SSE2 on x86-64, NEON on ARM64, which every processor of these families has.
#include "Prelude.h"

#define LANES 4
#define PANEL_VECTORS 2
#if defined(__aarch64__)
#define FUSES 1
#else
#define FUSES 0
#endif
#include "KernelBodies.h"

const charlm_kernels *charlm_kernels_baseline(void) { return &table; }
