#!/usr/bin/env bash
# Every check of the project, on a machine that has nothing but the Swift toolchain: format, builds without a
# warning, tests of the release, and tests with assertions as on a processor without AVX. Both builds are
# optimized, because tests without optimization take several times as long.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

# build NAME ARGUMENT...: swift build, refusing warnings.
build() {
  local log=".build-logs/$1.log"
  shift
  mkdir -p .build-logs
  swift build --build-tests "$@" >"$log" 2>&1 || { cat "$log"; exit 1; }
  if grep -E 'warning: ' "$log"; then
    echo "The build prints warnings." >&2
    exit 1
  fi
}

step "System packages"
scripts/set-up.sh unicode-data bzip2

step "Format"
swift format lint --strict --recursive Sources Tests Package.swift \
  Plugins Benchmarks/Package.swift Benchmarks/KernelBenchmarks

step "Build for release"
build release --configuration release
step "Tests, release"
swift test --skip-build --configuration release

step "Build with assertions and the baseline instruction set"
baseline=(
  --configuration release --scratch-path .build-baseline
  -Xcc -DCHARLM_BASELINE_ONLY -Xswiftc -assert-config -Xswiftc Debug
)
build baseline "${baseline[@]}"
step "Tests with assertions and the baseline instruction set"
swift test --skip-build "${baseline[@]}"

step "Scripts"
for script in scripts/*.sh; do bash -n "$script"; done
if command -v python3 >/dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
  python3 scripts/make-corpus.py --self-test
else
  echo "Skipped: the self-test of scripts/make-corpus.py needs Python 3.10."
fi

step "All checks passed"
