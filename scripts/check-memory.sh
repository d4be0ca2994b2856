#!/usr/bin/env bash
# Trains on a generated text of 1 GB and compares the peak of resident memory with what docs/memory.md allows.
#
#   scripts/check-memory.sh [megabytes of text, default 1000]
#
# CHARLM names a command that is built already. The text lies in TMPDIR meanwhile.
set -euo pipefail
source "$(dirname "$0")/find-charlm.sh"
megabytes=${1:-1000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - corpora/the-salt-road.txt "$folder/text.txt" "$megabytes" <<'PYTHON'
import sys

source, target, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(source, "rb") as file:
    text = file.read()
with open(target, "wb") as file:
    for _ in range(megabytes * 1_000_000 // len(text) + 1):
        file.write(text)
PYTHON

echo "| LSTM, B, T | peak, MB | allowed, MB | 4 x model | workspace |"
echo "|---|---|---|---|---|"
# The fraction leaves some thousand characters to validate on.
for shape in "1 256 32 64" "2 128 50 50" "1 512 128 64"; do
  read -r layers hidden batch window <<<"$shape"
  "$charlm" train "$folder/text.txt" --output "$folder/model.safetensors" --layers "$layers" --hidden-size "$hidden" \
    --embedding-size "$hidden" --batch-size "$batch" --window "$window" --max-steps 200 --evaluate-every 100 \
    --validation-fraction 0.00001 --json --quiet >"$folder/events.jsonl"
  python3 - "$folder/events.jsonl" "$layers" "$hidden" "$batch" "$window" <<'PYTHON'
import json, sys

events, (L, H, B, T) = sys.argv[1], map(int, sys.argv[2:])
with open(events, encoding="utf8") as lines:
    finished = list(map(json.loads, lines))[-1]
P, V = finished["parameters"], finished["vocabulary_size"]
G, logits = 4, max(1 << 20, V)
# docs/memory.md
training = 2 * P + min(V, T * B) * (G * H + H) + L * (T + 1) * B * (G + 3) * H + T * B * H + logits
weights = 2 * (2 * P + V * G * H) + 3 * P
model, workspace = 4 * P * 4 / 1e6, (training + weights) * 4 / 1e6
peak, allowed = finished["peak_memory_bytes"] / 1e6, model + workspace + 64
print(f"| {L} x {H}, {B}, {T} | {peak:.0f} | {allowed:.0f} | {model:.1f} | {workspace:.1f} |")
if peak > allowed:
    sys.exit("More memory than allowed.")
PYTHON
done
