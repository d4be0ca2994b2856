// The part of libFuzzer that a program with a main function of its own calls (FuzzerInterface.h).
#include <stddef.h>
#include <stdint.h>

typedef int charlm_fuzz_test(const uint8_t *bytes, size_t count);

// Reads the command line, then makes inputs and calls `test` with each until the time is up.
int LLVMFuzzerRunDriver(int *argc, char ***argv, charlm_fuzz_test *test);
