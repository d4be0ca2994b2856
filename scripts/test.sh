#!/usr/bin/env bash
# Every check of the project, on a machine that has nothing but the Swift toolchain: format, a build without a
# warning, and all tests, twice: with the instruction sets of this processor, and as on one without AVX. The
# build is optimized, because tests without optimization take several times as long, and keeps all assertions.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

build_options=(
  --configuration release --scratch-path .build-tests -Xswiftc -assert-config -Xswiftc Debug
)

# build NAME: swift build, refusing warnings.
build() {
  local log=".build-logs/$1.log"
  mkdir -p .build-logs
  swift build --build-tests "${build_options[@]}" >"$log" 2>&1 || { cat "$log"; exit 1; }
  # Packages of others may have files that their manifests do not mention.
  if grep -E 'warning: ' "$log" | grep -v 'file(s) which are unhandled'; then
    echo "The build prints warnings." >&2
    exit 1
  fi
}

step "System packages"
scripts/set-up.sh unicode-data bzip2

step "Format"
swift format lint --strict --recursive Sources Tests Package.swift \
  Plugins Benchmarks/Package.swift Benchmarks/KernelBenchmarks

step "Build"
export CHARLM_SERVER=1
build all
step "Tests"
swift test --skip-build "${build_options[@]}"

step "Build with the baseline instruction set"
export CHARLM_BASELINE_ONLY=1
build baseline
step "Tests with the baseline instruction set"
swift test --skip-build "${build_options[@]}" --skip ServerTests # sockets have no instruction set

step "Page"
if command -v node >/dev/null && node --eval 'process.exit(+(parseInt(process.versions.node) < 20))'; then
  node --test Tests/PageTests/*.test.mjs
else
  echo "Skipped: the tests of the page need Node.js 20."
fi

step "Scripts"
for script in scripts/*.sh; do bash -n "$script"; done
if command -v python3 >/dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
  python3 scripts/make-corpus.py --self-test
else
  echo "Skipped: the self-test of scripts/make-corpus.py needs Python 3.10."
fi

step "All checks passed"
