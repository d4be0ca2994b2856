#!/usr/bin/env bash
# Runs the test suite with sanitizers: one build for memory errors and for undefined behavior of C, another for data
# races. On two cores the first takes about twenty minutes, the second more than half an hour.
#
#   scripts/sanitize.sh [address] [thread]     both without arguments
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- address thread
scripts/set-up.sh unicode-data bzip2
mkdir -p .build-logs
export CHARLM_SERVER=1
# A process that has reports ends with a status that no test expects. Swift's runtime keeps memory until the end, so
# leaks are not looked for. What is silenced, most of it because operations of Swift's libraries are not observed:
# - the array without elements is one object, to which the standard library writes the count 0;
# - texts of a batch share a history until one of them changes it, which the last owner does in place;
# - a Mutex guards the events of a group of requests;
# - threads of a test write different elements of a buffer, which is reported as two accesses of its first one.
printf 'race:%s\n' _swiftEmptyArrayStorage RecentTokens GenerationGroup CoversEveryIndexOnce >.build-logs/silenced
export ASAN_OPTIONS=exitcode=99:detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=exitcode=99:suppressions=$PWD/.build-logs/silenced

status=0
for kind in "$@"; do
  skipped=()
  case $kind in
    # Swift's own arithmetic traps; its compiler knows no sanitizer for it.
    address)
      sanitizers=(--sanitize address -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined)
      grep -q avx512vl /proc/cpuinfo || sanitizers+=(-Xcc -DCHARLM_EMULATE_AVX512)
      ;;
    thread)
      sanitizers=(--sanitize thread)
      # They have a minute, which is too short where everything takes ten times as long, and use one thread.
      skipped=(--skip 'LinearTime|repeatedNothingEnds')
      ;;
    *) echo "scripts/sanitize.sh [address] [thread]" >&2; exit 64 ;;
  esac
  options=(
    --configuration release --scratch-path ".build-$kind" -Xswiftc -assert-config -Xswiftc Debug "${sanitizers[@]}"
  )
  log=.build-logs/$kind.log
  swift build --build-tests "${options[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
  swift test --skip-build "${options[@]}" "${skipped[@]}" >"$log" 2>&1 || status=1
  echo "== $kind"
  grep -aE '✘|Test run with|SUMMARY|runtime error' "$log" || tail -n 30 "$log"
done
exit $status
