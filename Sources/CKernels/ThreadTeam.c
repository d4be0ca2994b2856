// A team of threads that spin for a short while between jobs, then sleep.
//
// Every event that a thread may wait for changes one 32-bit word: the job (its number and how many
// threads take part), the number of unfinished workers, the phase of the barrier. A waiting thread
// spins on its word for about twenty microseconds, then sleeps on it (a futex). Whoever changes a
// word wakes the sleepers; the count `sleepers` saves the system call while all are awake.
//
// Spinning has no pause instruction: virtual machines take it for idling, and a barrier cost 31 us
// with it. It does not yield: for each yield Linux takes a time slice from the thread, so programs
// of a lower priority kept a team that yielded from running at all. It ends soon, because another
// thread of the team may need the processor. If the process has fewer processors than threads, or
// less of their time, no thread spins, so that none takes time from those at work.
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CKernels.h"

enum { SPIN_ROUNDS = 60000 };
enum { WORKER_BITS = 10, WORKER_MASK = (1 << WORKER_BITS) - 1 };

typedef struct {
  _Atomic uint32_t value;
  _Atomic uint32_t sleepers;
} waitable_word;

struct charlm_team {
  _Alignas(64) waitable_word job;  // number of the job << WORKER_BITS | worker count
  charlm_team_body *body;
  void *context;
  size_t steps, parts;
  _Alignas(64) waitable_word unfinished;
  _Alignas(64) waitable_word phase;
  _Atomic uint32_t arrived;
  _Alignas(64) atomic_bool busy;
  atomic_bool shutting_down;
  bool is_spinning;
  uint32_t thread_count;  // including the caller's
  pthread_t *threads;     // all except the caller's; NULL before the first parallel job
};

typedef struct {
  charlm_team *team;
  uint32_t index;
} worker;

static void wait_while(waitable_word *word, uint32_t value, bool is_spinning) {
  for (uint32_t round = 0; is_spinning && round < SPIN_ROUNDS; round++) {
    if (atomic_load_explicit(&word->value, memory_order_acquire) != value) return;
  }
  atomic_fetch_add(&word->sleepers, 1);
  while (atomic_load(&word->value) == value) {
    syscall(SYS_futex, &word->value, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
  }
  atomic_fetch_sub(&word->sleepers, 1);
}

static void wake(waitable_word *word) {
  if (atomic_load(&word->sleepers) > 0) {
    syscall(SYS_futex, &word->value, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
  }
}

// Returns when all `worker_count` workers have arrived.
static void barrier_wait(charlm_team *team, uint32_t worker_count) {
  uint32_t phase = atomic_load(&team->phase.value);
  if (atomic_fetch_add(&team->arrived, 1) + 1 == worker_count) {
    atomic_store(&team->arrived, 0);
    atomic_store(&team->phase.value, phase + 1);
    wake(&team->phase);
  } else {
    wait_while(&team->phase, phase, team->is_spinning);
  }
}

static void run_steps(charlm_team *team, uint32_t index, uint32_t worker_count) {
  for (size_t step = 0; step < team->steps; step++) {
    if (step > 0) barrier_wait(team, worker_count);
    for (size_t part = index; part < team->parts; part += worker_count) {
      team->body(team->context, step, part);
    }
  }
}

static void *run_worker(void *argument) {
  charlm_team *team = ((worker *)argument)->team;
  uint32_t index = ((worker *)argument)->index;
  free(argument);
  charlm_flush_denormals();
  uint32_t job = 0;
  for (;;) {
    wait_while(&team->job, job, team->is_spinning);
    job = atomic_load(&team->job.value);
    if (atomic_load(&team->shutting_down)) return NULL;
    // The caller does not wait for idle workers, so they must not touch the job's other fields,
    // which may already be the next job's.
    uint32_t worker_count = job & WORKER_MASK;
    if (index >= worker_count) continue;
    run_steps(team, index, worker_count);
    if (atomic_fetch_sub(&team->unfinished.value, 1) == 1) wake(&team->unfinished);
  }
}

// Starts the threads, or as many as the system grants.
static void start_threads(charlm_team *team) {
  if (team->threads) return;
  team->threads = calloc(team->thread_count, sizeof(pthread_t));
  uint32_t started = 0;
  while (team->threads && started + 1 < team->thread_count) {
    worker *argument = malloc(sizeof(worker));
    if (!argument) break;
    *argument = (worker){team, started + 1};
    if (pthread_create(&team->threads[started], NULL, run_worker, argument) != 0) {
      free(argument);
      break;
    }
    started++;
  }
  team->thread_count = started + 1;
}

size_t charlm_bound_processor_count(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

charlm_team *charlm_team_create(size_t thread_count, bool is_spinning) {
  charlm_team *team = aligned_alloc(64, sizeof(charlm_team));
  if (!team) abort();
  memset(team, 0, sizeof *team);
  team->thread_count = (uint32_t)(thread_count < WORKER_MASK ? thread_count : WORKER_MASK);
  team->is_spinning = is_spinning;
  return team;
}

void charlm_team_destroy(charlm_team *team) {
  if (team->threads) {
    atomic_store(&team->shutting_down, true);
    atomic_fetch_add(&team->job.value, 1u << WORKER_BITS);
    wake(&team->job);
    for (uint32_t i = 0; i + 1 < team->thread_count; i++) pthread_join(team->threads[i], NULL);
    free(team->threads);
  }
  free(team);
}

static void run_with_threads(charlm_team *team, uint32_t worker_count) {
  atomic_store(&team->unfinished.value, worker_count - 1);
  uint32_t number = atomic_load(&team->job.value) >> WORKER_BITS;
  atomic_store(&team->job.value, (number + 1) << WORKER_BITS | worker_count);
  wake(&team->job);
  run_steps(team, 0, worker_count);
  for (;;) {
    uint32_t unfinished = atomic_load(&team->unfinished.value);
    if (unfinished == 0) return;
    wait_while(&team->unfinished, unfinished, team->is_spinning);
  }
}

void charlm_team_run(
  charlm_team *team, size_t steps, size_t parts, charlm_team_body *body, void *context) {
  uint64_t mode = charlm_flush_denormals();
  bool owns_team = parts > 1 && team->thread_count > 1 && !atomic_exchange(&team->busy, true);
  if (owns_team) start_threads(team);
  uint32_t worker_count =
    !owns_team ? 1 : parts < team->thread_count ? (uint32_t)parts : team->thread_count;
  if (worker_count > 1) {
    team->body = body;
    team->context = context;
    team->steps = steps;
    team->parts = parts;
    run_with_threads(team, worker_count);
  } else {
    for (size_t step = 0; step < steps; step++) {
      for (size_t part = 0; part < parts; part++) body(context, step, part);
    }
  }
  if (owns_team) atomic_store(&team->busy, false);
  charlm_restore_float_mode(mode);
}
