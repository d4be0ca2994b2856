#!/usr/bin/env bash
# Feeds a reader of unchecked bytes with inputs that libFuzzer makes, under AddressSanitizer. Ends with an error and
# the input's file if one crashes, takes more than a second, or allocates more than 64 MB at once.
#
#   scripts/fuzz.sh TARGET|all [SECONDS]     60 seconds each by default
#
# The targets are in Fuzzing/Fuzzer/FuzzTarget.swift. CHARLM_CORPUS is the folder of the inputs found so far
# (.build-fuzz/corpus), CHARLM names a command that is built already, whose model file is a seed.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=("${1:?a target, or all}")
seconds=${2:-60}
corpus=${CHARLM_CORPUS:-.build-fuzz/corpus}

swift build --package-path Fuzzing --scratch-path .build-fuzz --configuration release \
  -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld -Xswiftc -assert-config -Xswiftc Debug >&2
seeds=$(mktemp -d)
trap 'rm -rf "$seeds" /dev/shm/charlm-fuzzer-*' EXIT
python3 -B scripts/damaged_imports.py --seeds "$seeds"
if [ "${targets[0]}" = all ]; then mapfile -t targets < <(cd "$seeds" && printf '%s\n' */ | tr -d /); fi
if [ -n "${CHARLM:-}" ]; then
  printf 'a small text\n%.0s' {1..200} >"$seeds/text.txt"
  "$CHARLM" train "$seeds/text.txt" --output "$seeds/model/small.safetensors" --from none --max-steps 1 \
    --hidden-size 4 --quiet
fi
for target in "${targets[@]}"; do
  mkdir -p "$corpus/$target" .build-fuzz/found
  echo "== $target"
  CHARLM_FUZZ_TARGET=$target CHARLM_FUZZ_NETWORK=$seeds/network.safetensors \
    .build-fuzz/release/Fuzzer "$corpus/$target" "$seeds/$target" -max_total_time="$seconds" -max_len=20000 \
    -timeout=1 -rss_limit_mb=1024 -malloc_limit_mb=64 -print_final_stats=1 -artifact_prefix=".build-fuzz/found/$target-" \
    2>"$corpus/$target.log" || { tail -n 60 "$corpus/$target.log" >&2; exit 1; }
  grep -E 'stat::(number_of_executed_units|average_exec_per_sec|new_units_added|peak_rss_mb)|DONE' "$corpus/$target.log"
done
