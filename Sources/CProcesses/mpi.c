// processes.h with MPI: Open MPI, MPICH, or another of version 3.
#define _GNU_SOURCE
#include "processes.h"

#include <mpi.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int rank, count;
static MPI_Comm data, life;
static atomic_int is_computing;
static void (*lost_process)(int32_t);

// ---- Signs of life
//
// Process 0 and each other one send each other a byte now and then. One that is silent for long is
// lost; process 0 then tells the others to leave. Silence is counted in one's own turns, not by the
// clock, so that a job that was suspended as a whole continues.

enum {
  INTERVAL_MS = 100,
  MOST_SILENT_TURNS = 60,
  MOST_SILENT_TURNS_AT_END = 4,
  MOST_TURNS_OF_START = 600,
};
// Another process is lost: leave. And the last word of a process that ends as it should.
enum { ALIVE = 1, LEAVE = 2, BYE = 3 };

typedef struct {
  int rank, silent_turns, has_ended;
  unsigned char received, sent;
  MPI_Request receive, send;
} peer;

static peer *peers;
static int peer_count;
static int64_t last_turn;
// Whether this process has said its last word.
static int has_said_bye;
static int32_t (*is_ending)(void);

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_for(long microseconds) {
  struct timespec time = {0, microseconds * 1000};
  nanosleep(&time, NULL);
}

static void say(peer *peer, unsigned char word) {
  peer->sent = word;
  MPI_Isend(&peer->sent, 1, MPI_BYTE, peer->rank, 0, life, &peer->send);
}

static void lose(int lost_rank) {
  lost_process(lost_rank);
  if (rank == 0) {
    for (int i = 0; i < peer_count; i++) {
      if (peers[i].rank != lost_rank) say(&peers[i], LEAVE);
    }
    for (int turn = 0; turn < 10; turn++) {  // so that the words leave
      int is_done;
      for (int i = 0; i < peer_count; i++) MPI_Test(&peers[i].send, &is_done, MPI_STATUS_IGNORE);
      sleep_for(10000);
    }
  }
  _exit(75);
}

static void check(int error) {
  if (error != MPI_SUCCESS) lose(-1);
}

static void listen_to(peer *peer) {
  check(MPI_Irecv(&peer->received, 1, MPI_BYTE, peer->rank, 0, life, &peer->receive));
}

// Takes what the peer has said.
static void hear(peer *peer) {
  while (!peer->has_ended) {
    int is_done;
    check(MPI_Test(&peer->receive, &is_done, MPI_STATUS_IGNORE));
    if (!is_done) return;
    if (peer->received == LEAVE) lose(-1);
    peer->silent_turns = 0;
    peer->has_ended = peer->received == BYE;
    if (!peer->has_ended) listen_to(peer);
  }
}

static void show_life(void) {
  int64_t now = milliseconds();
  if (now - last_turn < INTERVAL_MS) return;
  last_turn = now;
  for (int i = 0; i < peer_count; i++) {
    peer *peer = &peers[i];
    peer->silent_turns++;
    hear(peer);
    if (peer->has_ended) continue;
    if (peer->silent_turns > (is_ending() ? MOST_SILENT_TURNS_AT_END : MOST_SILENT_TURNS)) {
      lose(peer->rank);
    }
    if (has_said_bye) continue;
    int is_sent;
    check(MPI_Test(&peer->send, &is_sent, MPI_STATUS_IGNORE));
    if (is_sent) say(peer, ALIVE);
  }
}

// ---- Waiting

// MPI makes progress only while it is asked. Waiting is short between the processes' steps, and may
// be long while one of them alone has work.
static void wait_for(MPI_Request *request) {
  int64_t start = 0;
  for (long turn = 0;; turn++) {
    int is_done;
    check(MPI_Test(request, &is_done, MPI_STATUS_IGNORE));
    if (is_done) return;
    if (turn % 16 == 15) {
      show_life();
      if (start == 0) start = milliseconds();
    }
    if (atomic_load_explicit(&is_computing, memory_order_relaxed)) {
      sleep_for(100);
    } else if (turn < 1000) {
      sched_yield();
    } else {
      sleep_for(milliseconds() - start < 100 ? 20 : 1000);
    }
  }
}

// ---- Data

static void broadcast(void *bytes, int64_t size) {
  const int64_t most = 1 << 30;
  for (int64_t first = 0; first < size; first += most) {
    MPI_Request request;
    int length = (int)(size - first < most ? size - first : most);
    check(MPI_Ibcast((char *)bytes + first, length, MPI_BYTE, 0, data, &request));
    wait_for(&request);
  }
}

static void gather(const void *own, int64_t size, void *all) {
  MPI_Request request;
  check(MPI_Igather(own, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, data, &request));
  wait_for(&request);
}

typedef struct {
  int *counts, *starts, *own_counts, *own_starts;
} slices;

static slices describe(const int32_t *ends) {
  int *memory = malloc(4 * (size_t)count * sizeof(int));
  slices slices = {memory, memory + count, memory + 2 * count, memory + 3 * count};
  for (int i = 0; i < count; i++) {
    slices.starts[i] = i > 0 ? ends[i - 1] : 0;
    slices.counts[i] = ends[i] - slices.starts[i];
  }
  for (int i = 0; i < count; i++) {
    slices.own_counts[i] = slices.counts[rank];
    slices.own_starts[i] = i * slices.counts[rank];
  }
  return slices;
}

static void exchange_slices(const float *values, const int32_t *ends, float *received) {
  slices slices = describe(ends);
  MPI_Request request;
  check(MPI_Ialltoallv(values, slices.counts, slices.starts, MPI_FLOAT, received,
                       slices.own_counts, slices.own_starts, MPI_FLOAT, data, &request));
  wait_for(&request);
  free(slices.counts);
}

static void gather_slices(float *values, const int32_t *ends) {
  slices slices = describe(ends);
  MPI_Request request;
  check(MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, values, slices.counts, slices.starts,
                        MPI_FLOAT, data, &request));
  wait_for(&request);
  free(slices.counts);
}

static void set_computing(int32_t computing) { atomic_store(&is_computing, computing); }

// ---- Beginning and end

// The cores for each process of this machine: those that it is bound to, or its share of all.
static int cores(void) {
  char own[MPI_MAX_PROCESSOR_NAME] = {0};
  int length;
  check(MPI_Get_processor_name(own, &length));
  char *names = calloc((size_t)count, sizeof own);
  MPI_Request request;
  check(MPI_Iallgather(own, sizeof own, MPI_CHAR, names, sizeof own, MPI_CHAR, data, &request));
  wait_for(&request);
  int local_count = 0;
  for (int i = 0; i < count; i++) {
    local_count += memcmp(names + (size_t)i * sizeof own, own, sizeof own) == 0;
  }
  free(names);
  int share = (int)sysconf(_SC_NPROCESSORS_ONLN) / local_count;
  cpu_set_t bound;
  int bound_count = sched_getaffinity(0, sizeof bound, &bound) == 0 ? CPU_COUNT(&bound) : share;
  int result = share < bound_count ? share : bound_count;
  return result > 1 ? result : 1;
}

static _Atomic int has_started;

// MPI_Init waits for all processes, and nothing can be heard before it is done.
static void *watch_start(void *unused) {
  for (int turn = 0; turn < MOST_TURNS_OF_START; turn++) {
    sleep_for(1000 * INTERVAL_MS);
    if (atomic_load(&has_started)) return unused;
  }
  lost_process(-1);
  _exit(75);
}

static const char *start(int32_t *own_rank, int32_t *process_count, int32_t *core_count,
                         void (*lost)(int32_t), int32_t (*ending)(void)) {
  lost_process = lost;
  is_ending = ending;
  pthread_t watch;
  if (pthread_create(&watch, NULL, watch_start, NULL) == 0) pthread_detach(watch);
  int level;
  int error = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
  atomic_store(&has_started, 1);
  if (error != MPI_SUCCESS) return "MPI cannot be initialized";
  if (level < MPI_THREAD_SERIALIZED) {
    return "this MPI can only be called by the main thread (MPI_THREAD_SERIALIZED is missing)";
  }
  life = MPI_COMM_WORLD;  // which nobody else uses
  MPI_Comm_set_errhandler(life, MPI_ERRORS_RETURN);
  MPI_Comm_rank(life, &rank);
  MPI_Comm_size(life, &count);
  peer_count = rank == 0 ? count - 1 : 1;
  peers = calloc((size_t)(peer_count > 0 ? peer_count : 1), sizeof *peers);
  for (int i = 0; i < peer_count; i++) {
    peers[i].rank = rank == 0 ? i + 1 : 0;
    peers[i].send = MPI_REQUEST_NULL;
    listen_to(&peers[i]);
  }
  MPI_Request request;
  check(MPI_Comm_idup(life, &data, &request));
  wait_for(&request);
  check(MPI_Comm_set_errhandler(data, MPI_ERRORS_RETURN));
  *own_rank = rank;
  *process_count = count;
  *core_count = cores();
  return NULL;
}

static void finish(void) {
  MPI_Request request;
  check(MPI_Ibarrier(data, &request));
  wait_for(&request);
  has_said_bye = 1;
  for (int i = 0; i < peer_count; i++) {
    wait_for(&peers[i].send);
    say(&peers[i], BYE);
  }
  for (int i = 0; i < peer_count; i++) {
    wait_for(&peers[i].send);
    for (; !peers[i].has_ended; hear(&peers[i])) {
      show_life();
      sched_yield();
    }
  }
  MPI_Finalize();
}

__attribute__((visibility("default"))) const charlm_processes charlm_processes_of_mpi = {
    CHARLM_PROCESSES_VERSION, start,         broadcast, gather, exchange_slices, gather_slices,
    show_life,                set_computing, finish};
