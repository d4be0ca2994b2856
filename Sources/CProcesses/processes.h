// What charlm asks of MPI. `libcharlm-mpi.so`, which scripts/build-mpi.sh compiles from mpi.c for the
// MPI of a machine, provides it; charlm loads it when mpirun or srun has started it. So charlm itself
// depends on no MPI, and works with any.
//
// One thread at a time may call these functions. None returns an error: a process that no longer
// answers, or an MPI that fails, ends this one.
#pragma once
#include <stdint.h>

#define CHARLM_PROCESSES_VERSION 1

typedef struct {
  int32_t version;

  /// Joins the processes.
  /// If one of them no longer answers, calls `lost` with its rank, or -1, and exits with status 75.
  /// `is_ending` says whether a signal has asked to end, so that others may well be dead.
  /// Returns null, or why it failed.
  const char *(*start)(int32_t *rank, int32_t *count, int32_t *core_count,
                       void (*lost)(int32_t rank), int32_t (*is_ending)(void));

  /// Copies `size` bytes of process 0 to all others.
  void (*broadcast)(void *bytes, int64_t size);

  /// Copies `size` bytes of each process to process 0, in the order of their ranks.
  void (*gather)(const void *own, int64_t size, void *all);

  /// Sends values[ends[r - 1] ..< ends[r]] (from 0 for the first) to each process r, and receives the
  /// own slice of each of them, in the order of their ranks.
  void (*exchange_slices)(const float *values, const int32_t *ends, float *received);

  /// Sends the own slice of `values` to all others, and receives theirs.
  void (*gather_slices)(float *values, const int32_t *ends);

  /// To be called several times a second while nothing else is, so that the others know that this
  /// process lives.
  void (*show_life)(void);

  /// Whether another thread computes meanwhile, which waiting must not disturb.
  void (*set_computing)(int32_t is_computing);

  /// Leaves MPI; all processes do.
  void (*finish)(void);
} charlm_processes;

/// The only symbol of the library.
#define CHARLM_PROCESSES_SYMBOL "charlm_processes_of_mpi"
