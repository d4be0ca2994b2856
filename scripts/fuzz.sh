#!/usr/bin/env bash
# Feeds a reader of unchecked bytes with inputs that libFuzzer makes, under AddressSanitizer. Ends with an error and
# the input's file if one crashes, takes more than a second (a pattern: thirty), or allocates more than 64 MB at once.
# Beside other work an input may take so long for want of a processor: try that file alone before you believe it.
#
#   scripts/fuzz.sh TARGET|all [SECONDS] [SEED]     60 seconds each by default, and another seed each time
#   scripts/fuzz.sh build                           builds the targets only
#
# The targets are in Fuzzing/Fuzzer/FuzzTarget.swift. CHARLM_CORPUS is the folder of the inputs found so far
# (.build-fuzz/corpus). Several targets run side by side, one a core.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=("${1:?a target, all, or build}")
seconds=${2:-60}
seed=${3:-0} # libFuzzer replaces 0 by a random one
corpus=${CHARLM_CORPUS:-.build-fuzz/corpus}

export CHARLM_FUZZING=1
unset CHARLM_SERVER # its packages would be fetched for nothing
swift build --product Fuzzer --scratch-path .build-fuzz --configuration release \
  -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld -Xswiftc -assert-config -Xswiftc Debug >&2
[ "${targets[0]}" != build ] || exit 0
seeds=$(mktemp -d)
export TMPDIR
TMPDIR=$(mktemp -d --tmpdir=/dev/shm) # in memory
trap 'rm -rf "$seeds" "$TMPDIR"' EXIT
python3 -B scripts/damaged_imports.py --seeds "$seeds"
if [ "${targets[0]}" = all ]; then
  mapfile -t targets < <(sed -n 's/^  "\([a-z0-9]*\)": {.*/\1/p' Fuzzing/Fuzzer/FuzzTarget.swift)
fi

# fuzz TARGET: prints its figures as a row of a table.
fuzz() {
  local target=$1 log=$corpus/$1.log timeout=1
  # The limits of a pattern allow half a second of work, and the sanitizer makes it ten to twenty times as slow.
  [ "$target" != pattern ] || timeout=30
  mkdir -p "$corpus/$target" "$seeds/$target" .build-fuzz/found
  CHARLM_FUZZ_TARGET=$target CHARLM_FUZZ_SEEDS=$seeds/$target CHARLM_FUZZ_NETWORK=$seeds/network.safetensors \
    .build-fuzz/release/Fuzzer "$corpus/$target" "$seeds/$target" -seed="$seed" -max_total_time="$seconds" \
    -max_len=20000 -timeout="$timeout" -rss_limit_mb=1024 -malloc_limit_mb=64 -print_final_stats=1 \
    -artifact_prefix=".build-fuzz/found/$target-" 2>"$log" || { tail -n 60 "$log" >&2; return 1; }
  awk -v target="$target" -v seconds="$seconds" -v seeds="$(find "$seeds/$target" -type f | wc -l)" '
    /stat::number_of_executed_units/ { executions = $2 }
    /stat::peak_rss_mb/ { memory = $2 }
    / cov: / { coverage = $0; sub(/.* cov: /, "", coverage); sub(/ .*/, "", coverage) }
    END { printf "| %s | %d | %d | %d | %d | %d |\n", target, seeds, seconds, executions, coverage, memory }' "$log"
}

echo "| target | seeds | seconds | executions | edges reached | MB at most |"
echo "|---|---|---|---|---|---|"
export -f fuzz
export seeds seconds seed corpus
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'set -euo pipefail; fuzz {}'
