#!/usr/bin/env bash
# Runs the whole test suite with sanitizers: memory errors and undefined behavior of C in one build, data races in
# another. Each takes a build of its own, and about half an hour on two cores.
#
#   scripts/sanitize.sh [address] [thread]     both without arguments
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- address thread
scripts/set-up.sh unicode-data bzip2

for kind in "$@"; do
  case $kind in
    # The compiler of Swift knows no sanitizer for undefined behavior, whose traps it has anyway.
    address) sanitizers=(--sanitize address -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined) ;;
    thread) sanitizers=(--sanitize thread) ;;
    *) echo "scripts/sanitize.sh [address] [thread]" >&2; exit 64 ;;
  esac
  log=.build-logs/sanitize-$kind.log
  mkdir -p .build-logs
  options=(--configuration release --scratch-path ".build-$kind" -Xswiftc -assert-config -Xswiftc Debug "${sanitizers[@]}")
  export CHARLM_SERVER=1
  swift build --build-tests "${options[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
  # Reports fail the process that they are about, also where a test expects it to fail otherwise.
  export ASAN_OPTIONS=exitcode=99:detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:exitcode=99:print_stacktrace=1
  export TSAN_OPTIONS=exitcode=99:halt_on_error=1
  CHARLM_SANITIZED=$kind swift test --skip-build "${options[@]}" 2>&1 | tee "$log" | grep -E '^[✘]|Test run|SUMMARY' || true
  [ "${PIPESTATUS[0]}" = 0 ] || status=1
done
exit ${status:-0}
