#!/usr/bin/env bash
# The tests of the project, on a machine that has nothing but the Swift toolchain: format, a build without a
# warning, all tests, those that compute with networks again as on a processor without AVX, the page, clients of
# the server, programs that read exported models, several processes, and inputs made by libFuzzer. The build is
# optimized, because tests without optimization take several times as long, and keeps all assertions; it has no
# information for debuggers, which takes time to write. The tests emulate AVX-512 where the processor lacks it.
# scripts/check-page.sh is not run, because it takes as long as all others.
set -euo pipefail
cd "$(dirname "$0")/.."

steps=()
step() {
  printf '\n== %s (%d s)\n' "$*" "$SECONDS"
  steps+=("$SECONDS $*")
}

# begin COMMAND: runs it in the background, and ends it with this script, if a step fails.
begin() {
  set -m # a process group of its own
  "$@" &
  set +m
}
trap 'for group in $(jobs -p); do kill -- -"$group" 2>/dev/null || true; done' EXIT

build_options=(
  --configuration release --scratch-path .build-tests -Xswiftc -assert-config -Xswiftc Debug -debug-info-format none
)

emulated=
if ! grep -q avx512vl /proc/cpuinfo; then
  emulated=1
  build_options+=(-Xcc -DCHARLM_EMULATE_AVX512)
fi

step "System packages"
scripts/set-up.sh unicode-data bzip2

# The packages for the last checks, while the compiler works.
install_python_packages() {
  scripts/check-formats.sh install || true
  scripts/check-server-clients.sh install
}
mkdir -p .build-logs
begin install_python_packages >.build-logs/python.log 2>&1
packages=$!

step "Format"
swift format lint --strict --recursive Sources Tests Package.swift \
  Plugins Benchmarks/Package.swift Benchmarks/KernelBenchmarks Fuzzing/Fuzzer

step "Build"
export CHARLM_SERVER=1
log=.build-logs/all.log
swift build --build-tests "${build_options[@]}" >$log 2>&1 || { cat $log; exit 1; }
# Packages of others may have files that their manifests do not mention.
if grep -E 'warning: ' $log | grep -v 'file(s) which are unhandled'; then
  echo "The build prints warnings." >&2
  exit 1
fi
step "Tests"
# The bundle of tests itself, which `swift test` takes 14 seconds to begin.
tests=(.build-tests/release/charlmPackageTests.xctest --testing-library swift-testing)
"${tests[@]}"
# Emulation is slow, and the checks of other programs have limits of time.
[ -z "$emulated" ] || export CHARLM_INSTRUCTION_SET=avx2

# Mostly Python on one core: beside the next steps.
wait "$packages" || true
CHARLM=.build-tests/release/charlm begin scripts/check-formats.sh >.build-logs/formats.log 2>&1
formats=$!

step "Tests with the baseline instruction set"
# Without those that take an instruction set as an argument, since they have run with all of them, and those that take
# long and do not depend on how kernels round: long lags, how a text is divided into blocks, counts of n-grams.
CHARLM_INSTRUCTION_SET=baseline "${tests[@]}" --filter \
  'KernelsTests|RecurrentNetworkTests|TrainingTests|EvaluationTests|GenerationTests|CompressionTests|ServingTests|WholePathTests|LibraryExampleTests|VersionTests' \
  --skip 'instructionSet:|LagTests|BlockScoringTests|NGram'

step "Page"
if command -v node >/dev/null && node --eval 'process.exit(+(parseInt(process.versions.node) < 20))'; then
  node --test Tests/PageTests/*.test.mjs
else
  echo "Skipped: the tests of the page need Node.js 20."
fi

# Builds the targets of the last step, at the lowest priority: the steps before it often wait. Their seeds need Python.
fuzz=
if command -v python3 >/dev/null; then
  begin nice -n 19 scripts/fuzz.sh build >.build-logs/fuzz.log 2>&1
  fuzz=$!
fi

step "Clients of the server"
CHARLM=.build-tests/release/charlm scripts/check-server-clients.sh

step "Other formats"
wait "$formats" || { cat .build-logs/formats.log; exit 1; }
cat .build-logs/formats.log

step "Several processes"
CHARLM=.build-tests/release/charlm scripts/check-processes.sh --deaths 2

step "Scripts"
for script in scripts/*.sh; do bash -n "$script"; done
if command -v python3 >/dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
  python3 scripts/make-corpus.py --self-test
else
  echo "Skipped: the self-test of scripts/make-corpus.py needs Python 3.10."
fi

step "Inputs made by libFuzzer"
if [ "$fuzz" ]; then
  wait "$fuzz" || { cat .build-logs/fuzz.log; exit 1; }
  # The same inputs each time, as far as the speed allows.
  scripts/fuzz.sh all 3 1
else
  echo "Skipped: the seeds need Python 3."
fi

step "All checks passed"
printf '%s\n' "${steps[@]}" | awk '
  NR > 1 { printf "%5d s  %s\n", $1 - begin, name }
  { begin = $1; sub(/^[0-9]+ /, ""); name = $0 }'

