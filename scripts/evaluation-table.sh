#!/usr/bin/env bash
# Trains on eight tenths of a text, and prints as Markdown what the last tenth costs: by the model, by the model whose
# weights follow the text, by n-grams and xz that know the same eight tenths, and as a file of charlm compress, which must
# hold what charlm evaluate promises and give the same bytes back. By the tenth in between, which nobody learns from, the
# training keeps its best weights.
#
#   scripts/evaluation-table.sh TEXT [--minutes X] [--seed N] [--every-tenth-line]
#
# --every-tenth-line deals the text out by lines in place of stretches: for a text of several scripts, one after the
# other. X is 1 and N is 1 unless told otherwise. CHARLM names a command that is built already.
set -euo pipefail
usage() { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 64; }

text= minutes=1 seed=1 part=tail
while [ $# -gt 0 ]; do
  case $1 in
    --minutes | --seed) [ $# -ge 2 ] || usage; declare "${1#--}=$2"; shift 2 ;;
    --every-tenth-line) part=lines; shift ;;
    -*) usage ;;
    *) [ -z "$text" ] || usage; text=$1; shift ;;
  esac
done
[ -n "$text" ] || usage
[ -r "$text" ] || { echo "There is no file '$text' to read: name a text." >&2; exit 66; }
text=$(realpath "$text")
source "$(dirname "$0")/find-charlm.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
model=$folder/model.safetensors
held=$folder/held-out.txt

python3 - "$text" "$part" "$folder/training.txt" "$folder/validation.txt" "$held" <<'PYTHON'
import sys

source, part, *paths = sys.argv[1:]
with open(source, "rb") as file:
    text = file.read()


def place(tenth):
    """Where so many tenths of the text end, not within a character."""
    cut = len(text) * tenth // 10
    while cut < len(text) and text[cut] & 0xC0 == 0x80:
        cut += 1
    return cut


if part == "lines":
    lines = text.splitlines(keepends=True)
    validation, held = (b"".join(lines[first::10]) for first in (4, 9))
    training = b"".join(line for index, line in enumerate(lines) if index % 10 not in (4, 9))
else:
    training, validation, held = text[:place(8)], text[place(8):place(9)], text[place(9):]
for path, part in zip(paths, (training, validation, held)):
    with open(path, "wb") as file:
        file.write(part)
PYTHON

"$charlm" train "$folder/training.txt" --validation-file "$folder/validation.txt" --output "$model" \
  --from none --minutes "$minutes" --seed "$seed" --json --quiet >"$folder/training.jsonl"
"$charlm" evaluate "$model" "$held" --dynamic --baselines "$folder/training.txt" --json --quiet >"$folder/dynamic.json"
"$charlm" evaluate "$model" "$held" --json --quiet >"$folder/static.json"
"$charlm" compress "$model" "$held" --output "$folder/held-out.charlm" --json --quiet >"$folder/compressed.json"
"$charlm" decompress "$model" "$folder/held-out.charlm" --output "$folder/again.txt" --quiet
cmp "$held" "$folder/again.txt"
"$charlm" inspect "$model" --json --quiet >"$folder/model.json"

python3 - "$folder" "$(basename "$text")" "$part" <<'PYTHON'
import json, math, sys, unicodedata
from pathlib import Path

folder, name, part = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
static, dynamic, compressed, model = (
    json.loads((folder / f"{file}.json").read_text("utf8")) for file in ("static", "dynamic", "compressed", "model"))
finished = json.loads((folder / "training.jsonl").read_text("utf8").splitlines()[-1])
network = model["network"]
characters, size = static["characters"], static["bytes"]
held = "every tenth line" if part == "lines" else "the last tenth"

print(f"{name}, {held}: {characters:,} characters, {size:,} bytes; {static['unknown_characters']:,} unknown characters,"
      f" {100 * static['unknown_nats'] / static['nats']:.1f} % of the cost."
      f" {network['cell'].upper()}, {network['layer_count']} x {network['hidden_size']} units,"
      f" {finished['seconds']:,.0f} seconds of training, {finished['characters_seen']:,} characters.\n")

rows = [(row["name"], row["bits_per_character"] * characters) for row in dynamic["baselines"]]
rows += [("this model", static["nats"] / math.log(2)), ("its weights following", dynamic["nats"] / math.log(2)),
         ("`charlm compress`", 8 * compressed["compressed_bytes"])]
print("| | bits per character | bits per byte | perplexity per character | bytes |")
print("|---|---|---|---|---|")
for name, bits in sorted(rows, key=lambda row: -row[1]):
    print(f"| {name} | {bits / characters:.4f} | {bits / size:.4f} | {2 ** (bits / characters):.4f} |"
          f" {math.ceil(bits / 8):,} |")

promised = static["nats"] / math.log(2) / 8
interval = static["interval"]
if interval:
    low, high = interval["bits_per_character"]
    print(f"\n95 % interval of this model: {low:.4f} to {high:.4f} bits per character.", end="")
print(f"\n`charlm evaluate` promises {promised:,.1f} bytes, the file has {compressed['compressed_bytes']:,}"
      f" ({100 * (compressed['compressed_bytes'] / promised - 1):+.2f} %), and gives back the same {size:,} bytes (cmp).")
form = model["tokenizer"]["configuration"]["normalization"].upper()
if form != "NONE" and not unicodedata.is_normalized(form, (folder / "held-out.txt").read_text("utf8")):
    print(f"The text is not in {form}: what normalization changes is spelled out in the file, and so takes more.")
PYTHON
