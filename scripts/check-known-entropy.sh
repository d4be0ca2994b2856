#!/usr/bin/env bash
# Evaluates a model, and n-grams, on a text whose entropy is known exactly: the figures must be near what a perfect
# model scores. Takes about a minute, and needs Python 3.10.
#
# CHARLM names a command that is built already.
set -euo pipefail
source "$(dirname "$0")/find-charlm.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
characters=1000000

# A source in which two letters decide about the next one.
python3 scripts/make-corpus.py markov --order 2 --symbols 8 --characters "$characters" --seed 1 \
  --output "$folder/text.txt" --json 2>"$folder/source.json"
head -c $((characters * 9 / 10)) "$folder/text.txt" >"$folder/training.txt"
tail -c $((characters / 10)) "$folder/text.txt" >"$folder/tail.txt"

"$charlm" train "$folder/training.txt" --output "$folder/model.safetensors" --hidden-size 64 \
  --epochs 6 --seed 1 --quiet
"$charlm" evaluate "$folder/model.safetensors" "$folder/tail.txt" --baselines "$folder/training.txt" \
  --json --quiet >"$folder/figures.json"

python3 - "$folder" <<'PYTHON'
import json
import sys

folder = sys.argv[1]
source = json.load(open(f"{folder}/source.json"))
figures = json.load(open(f"{folder}/figures.json"))
rate, perfect = source["bitsPerCharacter"], source["tailBitsPerCharacter"]
print(f"entropy rate of the source   {rate:.5f} bits per character")
print(f"a perfect model on this text {perfect:.5f}")
low, high = figures["interval"]["bits_per_character"]
print(f"95 % interval of the model   {low:.5f} to {high:.5f}")
rows = [("the model", figures["bits_per_character"], 0.01)] + [
    (row["name"], row["bits_per_character"], 0.005 if row["name"] == "3-gram" else None)
    for row in figures["baselines"]]
wrong = []
for name, bits, limit in rows:
    print(f"{name:28} {bits:.5f}, {100 * (bits / rate - 1):+.2f} % of the rate, "
          f"{100 * (bits / perfect - 1):+.2f} % of the perfect model"
          + (f" (at most {100 * limit:.1f} %)" if limit else ""))
    if limit and max(abs(bits / perfect - 1), abs(bits / rate - 1)) > limit:
        wrong.append(name)
sys.exit(f"Too far off: {', '.join(wrong)}." if wrong else 0)
PYTHON
