#!/usr/bin/env bash
# Evaluates generated texts of several sizes with a small model and compares the peaks of resident memory: a longer
# text may take 8 MB more than the first one, whatever its size.
#
#   scripts/check-evaluation-memory.sh [megabytes of text..., default 10 1000]
#
# CHARLM names a command that is built already. The texts lie in TMPDIR meanwhile.
set -euo pipefail
source "$(dirname "$0")/find-charlm.sh"
[ $# -gt 0 ] || set -- 10 1000
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
corpus=corpora/the-salt-road.txt

"$charlm" train "$corpus" --output "$folder/model.safetensors" --hidden-size 32 --max-steps 200 --quiet

echo "| text, MB | peak, MB | characters/s | seconds |"
echo "|---|---|---|---|"
for megabytes in "$@"; do
  python3 - "$corpus" "$folder/text.txt" "$megabytes" <<'PYTHON'
import sys

source, target, byte_count = sys.argv[1], sys.argv[2], int(sys.argv[3]) * 1_000_000
with open(source, "rb") as file:
    text = file.read()
with open(target, "wb") as file:
    for _ in range(byte_count // len(text)):
        file.write(text)
    file.write(text[:byte_count % len(text)])
PYTHON
  "$charlm" evaluate "$folder/model.safetensors" "$folder/text.txt" --json --quiet >"$folder/$megabytes.json"
  python3 - "$folder/$megabytes.json" "$folder/$1.json" <<'PYTHON'
import json, sys

figures, first = (json.load(open(path, encoding="utf8")) for path in sys.argv[1:])
peak, least = figures["peak_memory_bytes"] / 1e6, first["peak_memory_bytes"] / 1e6
print(f"| {figures['bytes'] / 1e6:.0f} | {peak:.1f} | {figures['characters_per_second']:,.0f} | {figures['seconds']:.0f} |")
if peak > least + 8:
    sys.exit("More memory than allowed.")
PYTHON
done
